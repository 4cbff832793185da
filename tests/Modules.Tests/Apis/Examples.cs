using System.Collections;
using System.Reflection;

namespace Modules.Tests.Apis;

/// <summary>Values of any type that an API may take or give, no two alike, and whether two are the same.</summary>
internal sealed class Examples
{
    private static readonly NullabilityInfoContext Nullability = new();

    private int _number;

    public object Of(Type type)
    {
        _number++;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => $"text „{_number}“ \"\\\n€",
            _ when type == typeof(Guid) => Guid.CreateVersion7(),
            _ when type == typeof(bool) => true,
            _ when type == typeof(int) => int.MaxValue - _number,
            _ when type == typeof(long) => long.MaxValue - _number,
            _ when type == typeof(double) => _number / 3.0,
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(_number),
            _ when type == typeof(TimeSpan) => TimeSpan.FromMilliseconds(_number),
            { IsEnum: true } => Enum.GetValues(type).GetValue(_number % Enum.GetValues(type).Length)!,
            _ when ElementOf(type) is { } element => ListOf(element),
            _ => New(type),
        };
    }

    /// <summary>By all that can be read of them: what a serialiser loses is lost here too.</summary>
    public static bool AreSame(object? one, object? other)
    {
        if (one is null || other is null)
        {
            return one is null && other is null;
        }

        if (one is IEnumerable and not string)
        {
            var (all, others) = (((IEnumerable)one).Cast<object?>().ToList(), ((IEnumerable)other).Cast<object?>().ToList());
            return all.Count == others.Count && all.Zip(others).All(pair => AreSame(pair.First, pair.Second));
        }

        return one.GetType().Namespace!.StartsWith("System", StringComparison.Ordinal) || one.GetType().IsEnum
            ? one.Equals(other)
            : one.GetType() == other.GetType() && one.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0).All(p => AreSame(p.GetValue(one), p.GetValue(other)));
    }

    public static bool MayBeNull(ParameterInfo parameter) => Nullability.Create(parameter).ReadState is NullabilityState.Nullable;

    public static bool MayAnswerNull(MethodInfo method) => Nullability.Create(method.ReturnParameter).GenericTypeArguments[0].ReadState is NullabilityState.Nullable;

    private static Type? ElementOf(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) && type.GetGenericArguments() is [var element] ? element
        : null;

    private Array ListOf(Type element)
    {
        var list = Array.CreateInstance(element, 3);
        for (var i = 0; i < list.Length; i++)
        {
            list.SetValue(Of(element), i);
        }

        return list;
    }

    private object New(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType))]);
    }
}
