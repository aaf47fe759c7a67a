using System.Runtime.Serialization;

namespace Microsoft.Xrm.Sdk;

/// <summary>Further details of a fault by name.</summary>
[CollectionDataContract(Name = "ErrorDetailCollection", Namespace = ContractNamespaces.Xrm2011)]
public sealed class ErrorDetailCollection : DataCollection<string, object>
{
    public ErrorDetailCollection()
    {
    }
}
