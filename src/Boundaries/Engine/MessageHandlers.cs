using Mono.Cecil;

namespace ModularShop.Boundaries.Engine;

/// <summary>The message handlers of a module, and the code of the module that one of them runs.</summary>
internal static class MessageHandlers
{
    public const string Interface = "ModularShop.Messaging.IMessageHandler`1";

    public static IEnumerable<TypeDefinition> In(Module module) => module.Code.Types().Where(t => t.IsClass && !t.IsAbstract && t.Is(Interface));

    /// <summary>
    /// Every call in the handler and in what it calls of its own module; a call of an interface leads to
    /// all implementations in the module. What MediatR or the container calls is not seen.
    /// </summary>
    public static IEnumerable<Call> CallsWithin(Module module, TypeDefinition handler)
    {
        var seen = new HashSet<TypeDefinition> { handler };
        var visited = new HashSet<MethodDefinition>();
        var left = new Queue<MethodDefinition>(handler.WithNested().SelectMany(t => t.Methods));
        while (left.TryDequeue(out var method))
        {
            if (!visited.Add(method))
            {
                continue;
            }

            foreach (var call in method.Calls())
            {
                yield return call;
                foreach (var target in Targets(module, call))
                {
                    left.Enqueue(target);
                    // An async method or iterator only starts its state machine; the work is in there.
                    foreach (var machine in StateMachineOf(target).Where(seen.Add))
                    {
                        machine.Methods.ToList().ForEach(left.Enqueue);
                    }
                }
            }
        }
    }

    private static IEnumerable<MethodDefinition> Targets(Module module, Call call)
    {
        if (call.Target.DeclaringType.AssemblyName() is var assembly && assembly != module.AssemblyName && assembly != module.ContractsName
            || call.Target.Resolve() is not { } target)
        {
            return [];
        }

        return !target.DeclaringType.IsInterface ? [target] : module.Code.Types()
            .Where(t => t.IsClass && t.Is(target.DeclaringType.FullName))
            .SelectMany(t => t.Methods.Where(m => m.Name == target.Name && m.Parameters.Count == target.Parameters.Count));
    }

    private static IEnumerable<TypeDefinition> StateMachineOf(MethodDefinition method) => method.CustomAttributes
        .Where(a => a.AttributeType.Name is "AsyncStateMachineAttribute" or "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute")
        .Select(a => ((TypeReference)a.ConstructorArguments[0].Value).Resolve());
}
