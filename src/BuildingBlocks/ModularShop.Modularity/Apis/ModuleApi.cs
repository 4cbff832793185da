using System.Collections.Frozen;
using System.Reflection;

namespace ModularShop.Modularity.Apis;

/// <summary>What one module answers to others: its <c>I&lt;Module&gt;Api</c>.</summary>
internal sealed class ModuleApi
{
    private readonly FrozenDictionary<MethodInfo, Question> _byMethod;
    private readonly FrozenDictionary<string, Question> _byName;

    /// <exception cref="InvalidOperationException">The interface cannot be asked across processes; a bug.</exception>
    public ModuleApi(Type type)
    {
        Type = type;
        Module = type.Name is ['I', .. var name] && name.EndsWith("Api", StringComparison.Ordinal)
            ? name[..^"Api".Length]
            : throw new InvalidOperationException($"{type} is not named I<Module>Api.");
        var questions = type.GetMethods().Select(method => (Method: method, Question: Question.Of(this, method))).ToList();
        _byMethod = questions.ToFrozenDictionary(q => q.Method, q => q.Question);
        _byName = questions.GroupBy(q => q.Question.Name, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(
            q => q.Key,
            q => q.Count() == 1 ? q.First().Question : throw new InvalidOperationException($"{type} has several methods {q.Key}: give each its own name."),
            StringComparer.OrdinalIgnoreCase);
    }

    public Type Type { get; }

    public string Module { get; }

    public Question this[MethodInfo method] => _byMethod[method];

    public Question? Find(string question) => _byName.GetValueOrDefault(question);
}

/// <summary>The APIs that this process is asked by others: those of its modules, and in the monolith those of the departed, which it passes on.</summary>
internal sealed class ModuleApis(IEnumerable<ModuleApi> apis)
{
    private readonly FrozenDictionary<string, ModuleApi> _here = apis.ToFrozenDictionary(a => a.Module, StringComparer.OrdinalIgnoreCase);

    public Question? Find(string module, string question) => _here.GetValueOrDefault(module)?.Find(question);
}
