using System.Runtime.Serialization;

namespace Microsoft.Xrm.Sdk;

/// <summary>The side that a table has in a relationship to itself.</summary>
[DataContract(Name = "EntityRole", Namespace = ContractNamespaces.Xrm2011)]
public enum EntityRole
{
    [EnumMember] Referencing = 0,
    [EnumMember] Referenced = 1,
}
