namespace CrmBehavior.Plugins.Json;

/// <summary>Kinds of JSON values.</summary>
enum JsonKind
{
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}
