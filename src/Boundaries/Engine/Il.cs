using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularShop.Boundaries.Engine;

/// <summary>An instruction that calls, creates or takes the address of a method.</summary>
internal sealed record Call(MethodDefinition From, Instruction At, MethodReference Target)
{
    public string Where => From.Where();

    public string DeclaringType => Target.DeclaringType.GetElementType().FullName;
}

/// <summary>What the rules ask of compiled code.</summary>
internal static partial class Il
{
    public static IEnumerable<TypeDefinition> Types(this AssemblyDefinition assembly) => assembly.MainModule.GetTypes().Where(t => t.Name != "<Module>");

    /// <summary>The type and what is nested in it: closures and state machines are there.</summary>
    public static IEnumerable<TypeDefinition> WithNested(this TypeDefinition type) => [type, .. type.NestedTypes.SelectMany(WithNested)];

    public static IEnumerable<Call> Calls(this AssemblyDefinition assembly) => assembly.Types().SelectMany(t => t.Methods).SelectMany(Calls);

    public static IEnumerable<Call> Calls(this TypeDefinition type) => type.WithNested().SelectMany(t => t.Methods).SelectMany(Calls);

    /// <summary>Loading a method's token counts: delegates and expression trees are made of it.</summary>
    public static IEnumerable<Call> Calls(this MethodDefinition method) => !method.HasBody ? [] : method.Body.Instructions
        .Where(i => i.Operand is MethodReference)
        .Select(i => new Call(method, i, (MethodReference)i.Operand));

    public static IEnumerable<(MethodDefinition From, string Text)> Strings(this AssemblyDefinition assembly) => assembly.Types()
        .SelectMany(t => t.Methods)
        .Where(m => m.HasBody)
        .SelectMany(m => m.Body.Instructions.Where(i => i.OpCode.Code is Code.Ldstr).Select(i => (m, (string)i.Operand)));

    /// <summary>The calls that name an endpoint, with the name; null where it is no constant.</summary>
    public static IEnumerable<(Call Call, string? Name)> EndpointNames(this MethodDefinition method) => method.Calls()
        .Where(c => c.Target.Name == "WithName" && c.DeclaringType.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal))
        .Select(c => (c, c.At.Previous is { OpCode.Code: Code.Ldstr } load ? load.Operand as string : null));

    public static string AssemblyName(this TypeReference type) => type.GetElementType().Scope switch
    {
        AssemblyNameReference reference => reference.Name,
        ModuleDefinition module => module.Assembly.Name.Name,
        var scope => scope?.Name ?? "",
    };

    /// <summary>The type and its bases that can be resolved.</summary>
    public static IEnumerable<TypeDefinition> WithBases(this TypeDefinition type)
    {
        for (TypeDefinition? t = type; t is not null; t = t.BaseType?.Resolve())
        {
            yield return t;
        }
    }

    /// <summary>Does it implement or inherit the type of this full name, directly or not?</summary>
    public static bool Is(this TypeDefinition type, string fullName) => type.WithBases().Any(t => t.FullName == fullName
        || t.Interfaces.Any(i => i.InterfaceType.GetElementType().FullName == fullName || i.InterfaceType.Resolve()?.Is(fullName) == true));

    /// <summary>Made by the compiler or by a source generator.</summary>
    public static bool IsGenerated(this TypeDefinition type) => type.Name.Contains('<', StringComparison.Ordinal)
        || type.CustomAttributes.Any(a => a.AttributeType.Name is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute" or "EmbeddedAttribute")
        || (type.DeclaringType is { } outer && outer.IsGenerated());

    public static bool IsMigration(this TypeDefinition type) => type.Outermost().Namespace.Contains(".Infrastructure.Migrations", StringComparison.Ordinal);

    public static TypeDefinition Outermost(this TypeDefinition type) => type.DeclaringType is { } outer ? outer.Outermost() : type;

    /// <summary>The type as it stands in the source: not the state machine or closure that the compiler made of a part of it.</summary>
    public static TypeDefinition Written(this TypeDefinition type) =>
        type.Name.Contains('<', StringComparison.Ordinal) && type.DeclaringType is { } outer ? outer.Written() : type;

    public static string Where(this TypeDefinition type) => type.Written().FullName.Replace('/', '.');

    /// <summary>Type and field as they stand in the source; the field behind a property is the property.</summary>
    public static string Where(this FieldDefinition field) =>
        $"{field.DeclaringType.Where()}.{(SourceName.Match(field.Name) is { Success: true } match ? match.Groups["name"].Value : field.Name)}";

    /// <summary>Type and method as they stand in the source; an accessor is its property or event.</summary>
    public static string Where(this MethodDefinition method)
    {
        var written = method.DeclaringType.Written();
        var name = method.Name;
        for (var type = method.DeclaringType; ; type = type.DeclaringType)
        {
            if (SourceName.Match(name) is { Success: true } match)
            {
                return $"{written.Where()}.{match.Groups["name"].Value}";
            }

            if (type == written)
            {
                var accessor = method.IsGetter || method.IsSetter || method.IsAddOn || method.IsRemoveOn;
                return $"{written.Where()}.{(accessor ? method.Name[(method.Name.IndexOf('_', StringComparison.Ordinal) + 1)..] : method.Name.TrimStart('.'))}";
            }

            name = type.Name;
        }
    }

    public static string ReadableName(this TypeReference type) => type.FullName.Replace('/', '.').Replace("`1", "", StringComparison.Ordinal).Replace("`2", "", StringComparison.Ordinal);

    [GeneratedRegex("<(?<name>[A-Za-z_.][^<>|]*)>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SourceName { get; }
}
