using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Apis;

/// <summary>A method of a module's API, and how it is asked and answered across processes: a JSON object of its arguments, by name.</summary>
internal abstract class Question
{
    private static readonly NullabilityInfoContext Nullability = new();

    private readonly Parameter[] _parameters;

    protected Question(ModuleApi api, MethodInfo method)
    {
        (Api, Method) = (api, method);
        Name = method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name[..^"Async".Length] : method.Name;
        _parameters = [.. method.GetParameters().SkipLast(1).Select(Parameter.Of)];
        MayBeStaleFor = method.GetCustomAttribute<MayBeStaleAttribute>() is { } stale ? TimeSpan.FromSeconds(stale.Seconds) : null;
    }

    public ModuleApi Api { get; }

    /// <summary>Without its <c>Async</c>.</summary>
    public string Name { get; }

    /// <summary>Null where every answer must be of now.</summary>
    public TimeSpan? MayBeStaleFor { get; }

    protected MethodInfo Method { get; }

    public static Question Of(ModuleApi api, MethodInfo method) =>
        method.ReturnType is { IsGenericType: true } task && task.GetGenericTypeDefinition() == typeof(Task<>) && method.GetParameters() is [.., { ParameterType: var last }] && last == typeof(CancellationToken)
            ? (Question)Activator.CreateInstance(typeof(Question<>).MakeGenericType(task.GetGenericArguments()), api, method)!
            : throw new InvalidOperationException($"{api.Type.Name}.{method.Name} cannot be asked across processes: let it return Task<T> and take a CancellationToken as the last parameter.");

    /// <summary>Asks whoever owns the module's data; returns the task that the method returns.</summary>
    /// <param name="implementation">Of the API; null where the module is in another process.</param>
    /// <param name="arguments">Of the method, its token the last.</param>
    public abstract object Ask(ModuleApiClient client, object? implementation, object?[] arguments);

    /// <summary>Asks through the API of <paramref name="services"/>, and writes the answer.</summary>
    public abstract Task<FileContentHttpResult> AnswerAsync(IServiceProvider services, object?[] arguments);

    public byte[] Write(object?[] arguments)
    {
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            foreach (var (parameter, argument) in _parameters.Zip(arguments))
            {
                json.WritePropertyName(parameter.Name);
                JsonSerializer.Serialize(json, argument, parameter.Type, PeerJson.Options);
            }

            json.WriteEndObject();
        }

        return written.ToArray();
    }

    /// <exception cref="JsonException">It does not have the arguments of the method; the message says which.</exception>
    public object?[] Read(JsonElement written, CancellationToken cancellationToken)
    {
        if (written.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException("It must be an object of the arguments.");
        }

        return [.. _parameters.Select(p => p.Read(written)), cancellationToken];
    }

    protected static bool CanBeNull(NullabilityInfo info) => info.ReadState is not NullabilityState.NotNull;

    private sealed record Parameter(string Name, Type Type, bool AllowsNull, bool IsOptional, object? Default)
    {
        public static Parameter Of(ParameterInfo parameter) => new(
            parameter.Name!, parameter.ParameterType, CanBeNull(NullabilityOf(parameter)), parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null);

        public object? Read(JsonElement arguments)
        {
            if (!arguments.TryGetProperty(Name, out var written))
            {
                return IsOptional ? Default : throw new JsonException($"'{Name}' is missing.");
            }

            try
            {
                return written.Deserialize(Type, PeerJson.Options) ?? (AllowsNull ? null : throw new JsonException("null"));
            }
            catch (JsonException e)
            {
                throw new JsonException($"'{Name}' is no {Type.Name}.", e);
            }
        }
    }

    /// <remarks>The context is not made for several threads.</remarks>
    protected static NullabilityInfo NullabilityOf(ParameterInfo parameter)
    {
        lock (Nullability)
        {
            return Nullability.Create(parameter);
        }
    }
}

/// <inheritdoc/>
internal sealed class Question<T> : Question
{
    private readonly Lazy<Func<object, object?[], Task<T>>> _invoke;
    private readonly bool _mayBeNull;

    public Question(ModuleApi api, MethodInfo method)
        : base(api, method)
    {
        _invoke = new(Compile);
        _mayBeNull = CanBeNull(NullabilityOf(method.ReturnParameter).GenericTypeArguments[0]);
    }

    public override object Ask(ModuleApiClient client, object? implementation, object?[] arguments) => implementation is not null && client.IsOwner(Api)
        ? AnswerHere(implementation, arguments)
        : client.AskAsync(this, implementation, arguments, (CancellationToken)arguments[^1]!);

    public Task<T> AnswerHere(object implementation, object?[] arguments) => _invoke.Value(implementation, arguments);

    public override async Task<FileContentHttpResult> AnswerAsync(IServiceProvider services, object?[] arguments) => TypedResults.Bytes(
        JsonSerializer.SerializeToUtf8Bytes(await _invoke.Value(services.GetRequiredService(Api.Type), arguments), PeerJson.Options), "application/json");

    /// <exception cref="JsonException">It is no answer to this question.</exception>
    public T ReadAnswer(ReadOnlySpan<byte> written) => JsonSerializer.Deserialize<T>(written, PeerJson.Options) is { } answer ? answer
        : _mayBeNull ? default!
        : throw new JsonException("null");

    /// <summary>As fast as a call in source; reflection would take longer than the look at the owner.</summary>
    private Func<object, object?[], Task<T>> Compile()
    {
        var (target, arguments) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(object?[])));
        var call = Expression.Call(Expression.Convert(target, Api.Type), Method, Method.GetParameters()
            .Select((p, i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType)));
        return Expression.Lambda<Func<object, object?[], Task<T>>>(call, target, arguments).Compile();
    }
}
