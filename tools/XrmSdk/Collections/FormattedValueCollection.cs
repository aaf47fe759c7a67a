using System.Runtime.Serialization;

namespace Microsoft.Xrm.Sdk;

/// <summary>Texts that a person reads in place of values: labels of choices, names of lookups, by column.</summary>
[CollectionDataContract(Name = "FormattedValueCollection", Namespace = ContractNamespaces.Xrm2011)]
public sealed class FormattedValueCollection : DataCollection<string, string>
{
    public FormattedValueCollection()
    {
    }
}
