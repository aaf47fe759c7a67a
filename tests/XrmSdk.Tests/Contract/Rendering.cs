using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.Serialization;

namespace XrmSdk.Tests.Contract;

/// <summary>Writes a type the way the list of signatures does.</summary>
static class Rendering
{
    const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    static readonly string[] ArgumentOrder = ["Name", "Namespace", "Order", "EmitDefaultValue", "IsRequired"];

    internal static string FullName(Type type) => type.Namespace + "." + TypeName.Short(type);

    internal static string Declaration(Type type)
    {
        string kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : type.IsAbstract && type.IsSealed ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        string[] bases = [.. Bases(type)];
        return "public " + kind + " " + FullName(type) + (bases.Length == 0 ? "" : " : " + string.Join(", ", bases));
    }

    internal static IEnumerable<string> Attributes(Type type)
    {
        foreach (CustomAttributeData data in type.GetCustomAttributesData())
        {
            if (data.AttributeType.Namespace == "System.Runtime.Serialization") yield return Attribute(data);
        }
    }

    internal static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) return type.GetFields(BindingFlags.Static | BindingFlags.Public).Select(EnumValue);
        return type.GetConstructors(Own).Where(IsSeen).Select(constructor => Access(constructor) + ".ctor(" + Parameters(constructor) + ")")
            .Concat(type.GetFields(Own).Where(field => field.IsPublic).Select(Field))
            .Concat(type.GetProperties(Own).Where(IsSeen).Select(Property))
            .Concat(type.GetMethods(Own).Where(method => !method.IsSpecialName && IsSeen(method)).Select(Method));
    }

    static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum) return [TypeName.Of(Enum.GetUnderlyingType(type))];
        Type[] every = type.GetInterfaces();
        IEnumerable<Type> interfaces = every.Where(one => !every.Any(other => other != one && one.IsAssignableFrom(other))
            && type.BaseType?.GetInterfaces().Contains(one) != true);
        IEnumerable<Type> all = type.BaseType == null || type.BaseType == typeof(object) ? interfaces : interfaces.Prepend(type.BaseType);
        return all.Select(TypeName.Of);
    }

    static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static bool IsSeen(PropertyInfo property) =>
        property.GetAccessors(nonPublic: true).Any(IsSeen) || property.IsDefined(typeof(DataMemberAttribute));

    static string Access(MethodBase method) =>
        method.DeclaringType!.IsInterface ? ""
        : method.IsPublic ? "public "
        : method.IsFamilyOrAssembly ? "protected internal "
        : method.IsFamily ? "protected "
        : method.IsAssembly ? "internal "
        : "private ";

    static string Virtual(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface || !method.IsVirtual || method.IsFinal) return "";
        return method.GetBaseDefinition() != method ? "override " : "virtual ";
    }

    static string Method(MethodInfo method)
    {
        string generics = method.IsGenericMethod ? "<" + string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name)) + ">" : "";
        string constraints = string.Concat(method.GetGenericArguments()
            .Where(argument => argument.GetGenericParameterConstraints().Length > 0)
            .Select(argument => " where " + argument.Name + " : " + string.Join(", ", argument.GetGenericParameterConstraints().Select(TypeName.Of))));
        return Access(method) + (method.IsStatic ? "static " : "") + Virtual(method) + TypeName.Of(method.ReturnType) + " " + method.Name + generics
            + "(" + Parameters(method) + ")" + constraints;
    }

    static string Property(PropertyInfo property)
    {
        MethodInfo[] accessors = property.GetAccessors(nonPublic: true);
        MethodInfo widest = accessors.FirstOrDefault(accessor => accessor.IsPublic) ?? accessors[0];
        string name = property.GetIndexParameters().Length > 0 ? "this[" + Parameters(property.GetIndexParameters()) + "]" : property.Name;
        return Access(widest) + Virtual(widest) + TypeName.Of(property.PropertyType) + " " + name + " { "
            + Accessor(property.GetMethod, "get; ") + Accessor(property.SetMethod, "set; ") + "}" + MemberAttributes(property);
    }

    // A property that nobody outside sees is written with the access on each accessor too.
    static string Accessor(MethodInfo? accessor, string word) => accessor == null ? "" : (accessor.IsPublic ? "" : Access(accessor)) + word;

    static string Field(FieldInfo field) =>
        "public " + (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "") + TypeName.Of(field.FieldType) + " " + field.Name;

    static string EnumValue(FieldInfo field) =>
        field.Name + " = " + Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture) + MemberAttributes(field);

    static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "") + (parameter.IsOut ? "out ref " : "")
        + TypeName.Of(parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType) + " " + parameter.Name
        + (parameter.IsOptional ? " = optional" : "")));

    static string MemberAttributes(MemberInfo member) => string.Concat(member.GetCustomAttributesData()
        .Where(data => data.AttributeType == typeof(DataMemberAttribute) || data.AttributeType == typeof(EnumMemberAttribute))
        .Select(data => "   " + Attribute(data)));

    static string Attribute(CustomAttributeData data) =>
        "[" + data.AttributeType.Name[..^"Attribute".Length] + "("
        + string.Join(", ", data.ConstructorArguments.Select(argument => Value(argument)).Concat(data.NamedArguments
            .OrderBy(argument => Array.IndexOf(ArgumentOrder, argument.MemberName))
            .Select(argument => argument.MemberName + "=" + Value(argument.TypedValue))))
        + ")]";

    static string Value(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        string text => "\"" + text + "\"",
        Type type => "typeof(" + TypeName.Of(type) + ")",
        _ => Convert.ToString(argument.Value, CultureInfo.InvariantCulture)!,
    };
}
