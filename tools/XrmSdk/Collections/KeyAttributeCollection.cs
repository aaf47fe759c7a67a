using System.Runtime.Serialization;

namespace Microsoft.Xrm.Sdk;

/// <summary>Values of an alternate key by column.</summary>
[CollectionDataContract(Name = "KeyAttributeCollection", Namespace = ContractNamespaces.Xrm71)]
public sealed class KeyAttributeCollection : DataCollection<string, object>
{
    public KeyAttributeCollection()
    {
    }
}
