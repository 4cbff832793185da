using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ModularShop.Documentation;

/// <summary>A module's tables, from its model: with the types of the code, which are those of every engine.</summary>
internal static class DataModelPage
{
    public static string Of(ModuleFacts module)
    {
        var tables = module.Entities.GroupBy(ModuleFacts.TableOf, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        return new Page($"{module.Name}: data model")
            .Mermaid(
            [
                "erDiagram",
                .. tables.SelectMany(t => new[] { $"    {t.Key} {{" }.Concat(t.SelectMany(e => Columns(e, e)).Distinct(StringComparer.Ordinal)).Append("    }")),
                .. module.Entities.SelectMany(e => e.GetForeignKeys()).Select(Relation).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ])
            .ToString();
    }

    /// <summary>Keys first, and then by name.</summary>
    private static IEnumerable<string> Columns(IEntityType entity, ITypeBase type) => type.GetProperties()
        .OrderBy(p => p.IsPrimaryKey() ? 0 : 1).ThenBy(p => p.GetColumnName(), StringComparer.Ordinal)
        .Select(p => $"        {TypeOf(p)} {p.GetColumnName()}{(p.IsPrimaryKey() ? p.IsForeignKey() ? " PK,FK" : " PK" : p.IsForeignKey() ? " FK" : "")}{(p.IsNullable ? " \"or null\"" : "")}")
        .Concat(type.GetComplexProperties().OrderBy(c => c.Name, StringComparer.Ordinal).SelectMany(c => Columns(entity, c.ComplexType)));

    private static string TypeOf(IProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        return type == typeof(byte[]) ? "bytes" : type.IsEnum ? "enum" : type == typeof(DateTimeOffset) ? "instant" : type == typeof(string) && property.GetMaxLength() is { } length ? $"string({length})" : type.Name.ToLowerInvariant();
    }

    private static string Relation(IForeignKey key) =>
        $"    {ModuleFacts.TableOf(key.PrincipalEntityType)} {(key.IsRequired ? "||" : "|o")}--{(key.IsUnique ? "o|" : "o{")} {ModuleFacts.TableOf(key.DeclaringEntityType)} : \"{string.Join(", ", key.Properties.Select(p => p.GetColumnName()))}\"";
}
