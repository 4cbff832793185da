using ModularShop.Boundaries.Engine;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularShop.Boundaries.Readiness;

/// <summary>A message that a module sends or handles.</summary>
/// <param name="With">Who handles what it sends, or sends what it handles; without the module itself.</param>
internal sealed record MessageUse(string Message, IReadOnlyList<string> With)
{
    private const string Interface = "ModularShop.Contracts.IMessage";

    public static IReadOnlyList<MessageUse> PublishedBy(Solution solution, Module module) => Among(solution, module, MadeBy(solution, module), HandledIn);

    public static IReadOnlyList<MessageUse> HandledBy(Solution solution, Module module) => Among(solution, module, HandledIn(solution, module), MadeBy);

    private static IReadOnlyList<MessageUse> Among(Solution solution, Module module, HashSet<string> messages, Func<Solution, Module, HashSet<string>> others) =>
    [
        .. messages.Order(StringComparer.Ordinal).Select(message => new MessageUse(
            message, [.. solution.Modules.Where(m => m != module && others(solution, m).Contains(message)).Select(m => m.Name)])),
    ];

    /// <summary>Who makes a message sends it: a handler is given what it gets.</summary>
    private static HashSet<string> MadeBy(Solution solution, Module module) => module.Code.Calls()
        .Where(c => c.At.OpCode.Code is Code.Newobj).Select(c => NameOf(solution, c.Target.DeclaringType)).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> HandledIn(Solution solution, Module module) => MessageHandlers.In(module)
        .SelectMany(h => h.Interfaces).Select(i => i.InterfaceType).OfType<GenericInstanceType>().Where(i => i.ElementType.FullName == MessageHandlers.Interface)
        .Select(i => NameOf(solution, i.GenericArguments[0])).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>As it is on the wire; null for what is no message between modules.</summary>
    private static string? NameOf(Solution solution, TypeReference type) =>
        solution.Modules.FirstOrDefault(m => m.ContractsName == type.AssemblyName()) is { } owner && type.Resolve()?.Is(Interface) == true ? $"{owner.Name}.{type.Name}" : null;
}
