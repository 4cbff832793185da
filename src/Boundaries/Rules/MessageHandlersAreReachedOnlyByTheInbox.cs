using ModularShop.Boundaries.Engine;
using Mono.Cecil;

namespace ModularShop.Boundaries.Rules;

internal sealed class MessageHandlersAreReachedOnlyByTheInbox : IRule
{
    public string Sentence => "Rule 5: a message handler is run by the inbox and by nobody else; that is what makes it idempotent.";

    public Concern Concern => Concern.MessageHandlers;

    public IReadOnlyList<Violation> Check(Solution solution) => [.. solution.Modules.SelectMany(Check)];

    private IEnumerable<Violation> Check(Module module)
    {
        var handlers = MessageHandlers.In(module).ToHashSet();
        return References.FirstOfEach(References.Of(module.Code)
            .Where(r => r.From is { } from && r.To.AssemblyName() == module.AssemblyName && r.To.Resolve() is { } to
                && handlers.Contains(to) && from.Written() != to && !IsRegistration(module, from)))
            .Select(r => new Violation(Sentence, r.Where, $"refers to the message handler {r.To.ReadableName()} ({r.As}).",
                "publish the message, or move what both need into a method of the domain."));
    }

    /// <summary>The module's entry point may name its handlers when it registers them.</summary>
    private static bool IsRegistration(Module module, TypeDefinition from) => from.Outermost().Name == $"{module.Name}Module";
}
