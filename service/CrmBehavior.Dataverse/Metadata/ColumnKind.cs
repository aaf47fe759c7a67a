namespace CrmBehavior.Dataverse.Metadata;

/// <summary>How a column is read.</summary>
enum ColumnKind
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>A number with a label.</summary>
    Choice,

    /// <summary>An id with a name, under <c>_column_value</c>.</summary>
    Lookup,
}
