using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularShop.Boundaries.Engine;

/// <summary>A question to another module, answered at once.</summary>
/// <param name="Request">What it is asked for: the use case, or the class.</param>
/// <param name="Asked">The module whose API it is.</param>
internal sealed record Question(string Request, Module Asked, Call Call)
{
    public string Name => $"{Call.Target.DeclaringType.Name}.{Call.Target.Name}";
}

internal static class Questions
{
    /// <summary>The calls of the modules' APIs, those of the module whose code it is left out.</summary>
    public static IEnumerable<Question> AskedBy(Solution solution, AssemblyDefinition code) =>
        from call in code.Calls()
        where call.At.OpCode.Code is Code.Callvirt or Code.Call
        let api = call.Target.DeclaringType.Resolve()
        where api is { IsInterface: true }
        let asked = solution.Modules.FirstOrDefault(m => m.ContractsName == api.AssemblyName())
        where asked is not null && asked.AssemblyName != code.Name.Name
        select new Question(RequestOf(code, call), asked, call);

    /// <summary>The folder of a use case serves one request; elsewhere, and among reactions to messages, a class does.</summary>
    private static string RequestOf(AssemblyDefinition code, Call call)
    {
        var type = call.From.DeclaringType.Outermost();
        var features = $"{code.Name.Name}.Features.";
        return type.Namespace.StartsWith(features, StringComparison.Ordinal) && !type.Namespace.StartsWith(features + "When", StringComparison.Ordinal)
            ? type.Namespace
            : type.Where();
    }
}
