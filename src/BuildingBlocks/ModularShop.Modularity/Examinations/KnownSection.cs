using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ModularShop.Modularity.Examinations;

/// <summary>A section of the configuration that is read into options: what else is in it, nobody reads.</summary>
internal sealed record KnownSection(string Path, Type Options)
{
    /// <summary>Why nobody reads a setting of it; null where somebody does.</summary>
    /// <param name="key">Below the section, such as <c>RabbitMq:Uri</c>.</param>
    public string? ProblemOf(string key)
    {
        var (type, at) = (Options, Path);
        foreach (var segment in key.Split(':'))
        {
            if (ElementOf(type) is { } element)
            {
                type = element;
            }
            else if (Properties(type).ToList() is var properties && properties.Find(p => string.Equals(p.Name, segment, StringComparison.OrdinalIgnoreCase)) is { } property)
            {
                type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            }
            else
            {
                return properties.Count == 0 ? $"{at} is one value, and has nothing below it." : $"{at} has {string.Join(", ", properties.Select(p => p.Name))}.";
            }

            at = $"{at}:{segment}";
        }

        return null;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type == typeof(string) || type.IsPrimitive || type.IsEnum || type.Namespace == "System" ? [] : type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite || ElementOf(p.PropertyType) is not null);

    /// <summary>Of a list or a dictionary, where any name leads to one of the same kind.</summary>
    private static Type? ElementOf(Type type) => type == typeof(string) || !type.IsAssignableTo(typeof(IEnumerable)) ? null
        : type.IsArray ? type.GetElementType() : type.IsGenericType ? type.GetGenericArguments()[^1] : typeof(object);
}

public static class Settings
{
    /// <summary>Options of a section, checked at the start; what nobody reads of the section is named by <c>./shop doctor</c>.</summary>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddSingleton(new KnownSection(section, typeof(TOptions)));
        return services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }
}
