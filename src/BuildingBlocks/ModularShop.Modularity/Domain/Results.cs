using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace ModularShop.Modularity.Domain;

/// <summary>The HTTP status of an expected failure: on each member of a module's closed enum of error codes.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class StatusAttribute(int status) : Attribute
{
    public int Status { get; } = status;
}

/// <summary>An expected failure: a value, not an exception. <see cref="Code"/> is stable, <see cref="Detail"/> is for people.</summary>
public sealed record Error(string Code, int Status, string Detail)
{
    /// <summary>What is wrong with which field of the request; empty unless validation failed.</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>(StringComparer.Ordinal);

    /// <summary>Further facts a program can act on, as problem detail extensions.</summary>
    public IReadOnlyDictionary<string, object?> Facts { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);
}

public static class ErrorCodes
{
    private static readonly ConcurrentDictionary<Enum, (string Code, int Status)> Known = new();

    /// <summary>This failure, in words that name the thing, the reason and the way out.</summary>
    public static Error Because(this Enum code, string detail) => new(code.Code(), code.Status(), detail);

    /// <summary><c>CatalogError.ProductNotFound</c> is <c>catalog.product_not_found</c>.</summary>
    public static string Code(this Enum code) => Describe(code).Code;

    public static int Status(this Enum code) => Describe(code).Status;

    private static (string Code, int Status) Describe(Enum code) => Known.GetOrAdd(code, static value =>
    {
        var type = value.GetType();
        var area = type.Name.EndsWith("Error", StringComparison.Ordinal) ? type.Name[..^"Error".Length] : type.Name;
        var status = type.GetField(value.ToString())?.GetCustomAttribute<StatusAttribute>()?.Status
            ?? throw new InvalidOperationException($"{type.Name}.{value} has no [Status(…)].");
        return ($"{area.ToLowerInvariant()}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString())}", status);
    });
}

/// <summary>What the pipeline needs to know of an outcome: did it succeed, and how to make a failed one.</summary>
public interface IOutcome<out TSelf>
{
    Error? Error { get; }

    static abstract TSelf Failed(Error error);
}

/// <summary>Success without a value, or an expected failure.</summary>
public sealed record Result : IOutcome<Result>
{
    public static readonly Result Ok = new();

    public Error? Error { get; private init; }

    public static implicit operator Result(Error error) => Failed(error);

    public static Result Failed(Error error) => new() { Error = error };
}

/// <summary>A value, or an expected failure.</summary>
public sealed record Result<T> : IOutcome<Result<T>>
{
    private readonly T? _value;

    private Result(T? value, Error? error) => (_value, Error) = (value, error);

    public Error? Error { get; }

    /// <exception cref="InvalidOperationException">The outcome is a failure.</exception>
    public T Value => Error is null ? _value! : throw new InvalidOperationException($"No value: {Error.Code}: {Error.Detail}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => Failed(error);

    public static Result<T> Failed(Error error) => new(default, error);
}
