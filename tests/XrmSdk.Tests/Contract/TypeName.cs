using System;
using System.Linq;

namespace XrmSdk.Tests.Contract;

/// <summary>Names of types as the list of signatures writes them: System and generic ones short, others in full.</summary>
static class TypeName
{
    internal static string Of(Type type)
    {
        if (type.IsGenericParameter) return type.Name;
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is Type value) return Of(value) + "?";
        if (Keyword(type) is string keyword) return keyword;
        return type.IsGenericType || type.Namespace == "System" ? Short(type) : type.FullName!;
    }

    internal static string Short(Type type) =>
        type.IsGenericType
            ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + "<" + string.Join(", ", type.GetGenericArguments().Select(Of)) + ">"
            : type.Name;

    static string? Keyword(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => null,
        TypeCode.Boolean => "bool",
        TypeCode.Int32 => "int",
        TypeCode.Decimal => "decimal",
        TypeCode.String => "string",
        _ when type == typeof(object) => "object",
        _ when type == typeof(void) => "void",
        _ => null,
    };
}
