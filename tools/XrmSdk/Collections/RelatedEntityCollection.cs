using System.Runtime.Serialization;

namespace Microsoft.Xrm.Sdk;

/// <summary>Related rows by relationship.</summary>
[CollectionDataContract(Name = "RelatedEntityCollection", Namespace = ContractNamespaces.Xrm2011)]
public sealed class RelatedEntityCollection : DataCollection<Relationship, EntityCollection>
{
    bool readOnly;

    public RelatedEntityCollection()
    {
    }

    /// <summary>A collection that is read-only makes the rows in it so too.</summary>
    public override bool IsReadOnly
    {
        get => readOnly;
        internal set
        {
            readOnly = value;
            foreach (EntityCollection rows in Values) rows.IsReadOnly = value;
        }
    }
}
