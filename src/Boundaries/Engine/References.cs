using System.Runtime.CompilerServices;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularShop.Boundaries.Engine;

/// <summary>A mention of a type in compiled code: where, which, and as what.</summary>
internal sealed record Reference(string Where, TypeDefinition? From, TypeReference To, string As);

/// <summary>
/// Every mention of a type: bases, interfaces, constraints, attributes and their arguments, fields, properties,
/// events, signatures, overrides, local variables, caught exceptions, and the operands of instructions; and
/// within each the element types, type arguments and modifiers.
/// </summary>
internal static class References
{
    private static readonly ConditionalWeakTable<AssemblyDefinition, IReadOnlyList<Reference>> Found = [];

    /// <summary>Many rules ask; an assembly is read once.</summary>
    public static IReadOnlyList<Reference> Of(AssemblyDefinition assembly) => Found.GetValue(assembly, Read);

    private static IReadOnlyList<Reference> Read(AssemblyDefinition assembly) =>
    [
        .. Attributes(assembly.Name.Name, null, assembly).Concat(Attributes(assembly.Name.Name, null, assembly.MainModule)),
        .. assembly.MainModule.ExportedTypes.Where(t => t.IsForwarder)
            .Select(t => new Reference(assembly.Name.Name, null, new TypeReference(t.Namespace, t.Name, assembly.MainModule, t.Scope), "forwarded type")),
        .. assembly.Types().SelectMany(Of),
    ];

    /// <summary>The first mention of each type at each place, where all would be noise.</summary>
    public static IEnumerable<Reference> FirstOfEach(IEnumerable<Reference> references) => references.DistinctBy(r => (r.Where, r.To.FullName));

    public static IEnumerable<Reference> Of(TypeDefinition type) => OfDeclaration(type)
        .Concat(type.Fields.SelectMany(f => At(f.Where(), type, f.FieldType, "field").Concat(Attributes(f.Where(), type, f))))
        .Concat(type.Properties.SelectMany(p => At($"{type.Where()}.{p.Name}", type, p.PropertyType, "property").Concat(Attributes($"{type.Where()}.{p.Name}", type, p))))
        .Concat(type.Events.SelectMany(e => At($"{type.Where()}.{e.Name}", type, e.EventType, "event").Concat(Attributes($"{type.Where()}.{e.Name}", type, e))))
        .Concat(type.Methods.SelectMany(Of));

    public static IEnumerable<Reference> Of(MethodDefinition method)
    {
        var (where, type) = (method.Where(), method.DeclaringType);
        return Attributes(where, type, method)
            .Concat(Attributes(where, type, method.MethodReturnType))
            .Concat(At(where, type, method.ReturnType, "return type"))
            .Concat(method.Parameters.SelectMany(p => At(where, type, p.ParameterType, "parameter").Concat(Attributes(where, type, p))))
            .Concat(Constraints(where, type, method))
            .Concat(method.Overrides.SelectMany(o => At(where, type, o.DeclaringType, "overridden method")))
            .Concat(method.HasBody ? OfBody(where, method) : []);
    }

    private static IEnumerable<Reference> OfDeclaration(TypeDefinition type)
    {
        var where = type.Where();
        return At(where, type, type.BaseType, "base type")
            .Concat(type.Interfaces.SelectMany(i => At(where, type, i.InterfaceType, "interface").Concat(Attributes(where, type, i))))
            .Concat(Constraints(where, type, type))
            .Concat(Attributes(where, type, type));
    }

    private static IEnumerable<Reference> OfBody(string where, MethodDefinition method) =>
        method.Body.Variables.SelectMany(v => At(where, method.DeclaringType, v.VariableType, "local variable"))
            .Concat(method.Body.ExceptionHandlers.SelectMany(h => At(where, method.DeclaringType, h.CatchType, "caught exception")))
            .Concat(method.Body.Instructions.SelectMany(i => OfOperand(where, method.DeclaringType, i)));

    private static IEnumerable<Reference> OfOperand(string where, TypeDefinition from, Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => At(where, from, type, instruction.OpCode.Code is Code.Ldtoken ? "typeof" : "cast, test or creation"),
        FieldReference field => At(where, from, field.DeclaringType, $"field {field.Name}").Concat(At(where, from, field.FieldType, $"type of field {field.Name}")),
        MethodReference called => OfCall(where, from, called),
        Mono.Cecil.CallSite site => At(where, from, site.ReturnType, "function pointer")
            .Concat(site.Parameters.SelectMany(p => At(where, from, p.ParameterType, "function pointer"))),
        _ => [],
    };

    private static IEnumerable<Reference> OfCall(string where, TypeDefinition from, MethodReference called) =>
        At(where, from, called.DeclaringType, $"call of {called.Name}")
            .Concat(At(where, from, called.ReturnType, $"result of {called.Name}"))
            .Concat(called.Parameters.SelectMany(p => At(where, from, p.ParameterType, $"argument of {called.Name}")))
            .Concat(called is GenericInstanceMethod generic
                ? generic.GenericArguments.SelectMany(a => At(where, from, a, $"type argument of {called.Name}"))
                : []);

    private static IEnumerable<Reference> Constraints(string where, TypeDefinition from, IGenericParameterProvider provider) => provider.GenericParameters
        .SelectMany(g => g.Constraints.SelectMany(c => At(where, from, c.ConstraintType, $"constraint of {g.Name}")).Concat(Attributes(where, from, g)));

    private static IEnumerable<Reference> Attributes(string where, TypeDefinition? from, ICustomAttributeProvider provider) => provider.CustomAttributes
        .SelectMany(attribute => At(where, from, attribute.AttributeType, "attribute")
            .Concat(attribute.ConstructorArguments.Concat(attribute.Fields.Select(f => f.Argument)).Concat(attribute.Properties.Select(p => p.Argument))
                .SelectMany(argument => OfArgument(where, from, argument, $"argument of [{attribute.AttributeType.Name}]"))));

    private static IEnumerable<Reference> OfArgument(string where, TypeDefinition? from, CustomAttributeArgument argument, string role) =>
        At(where, from, argument.Type, role).Concat(argument.Value switch
        {
            TypeReference type => At(where, from, type, role),
            CustomAttributeArgument boxed => OfArgument(where, from, boxed, role),
            CustomAttributeArgument[] many => many.SelectMany(one => OfArgument(where, from, one, role)),
            _ => [],
        });

    private static IEnumerable<Reference> At(string where, TypeDefinition? from, TypeReference? type, string role) =>
        type is null ? [] : Parts(type).Select(part => new Reference(where, from, part, role));

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericParameter => [],
        GenericInstanceType generic => Parts(generic.ElementType).Concat(generic.GenericArguments.SelectMany(Parts)),
        IModifierType modified => Parts(modified.ModifierType).Concat(Parts(modified.ElementType)),
        FunctionPointerType pointer => Parts(pointer.ReturnType).Concat(pointer.Parameters.SelectMany(p => Parts(p.ParameterType))),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => type.DeclaringType is { } outer ? [type, .. Parts(outer)] : [type],
    };
}
