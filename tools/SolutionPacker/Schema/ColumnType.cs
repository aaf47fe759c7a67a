namespace CrmBehavior.SolutionPacker.Schema;

/// <summary>What a column holds; the names are those of the maker's portal, the platform's own name stands in each comment.</summary>
public enum ColumnType
{
    /// <summary>Text of one line (<c>nvarchar</c>), at most <see cref="Column.MaxLength"/> characters.</summary>
    String,

    /// <summary>Text of many lines (<c>ntext</c>), at most <see cref="Column.MaxLength"/> characters.</summary>
    Memo,

    /// <summary>Whole number of 32 bits (<c>int</c>).</summary>
    Int,

    /// <summary>Whole number of 64 bits (<c>bigint</c>); only the platform makes these.</summary>
    BigInt,

    /// <summary>Decimal number (<c>decimal</c>) with <see cref="Column.Precision"/> places.</summary>
    Decimal,

    /// <summary>Floating point number (<c>float</c>) with <see cref="Column.Precision"/> places.</summary>
    Double,

    /// <summary>Amount of money (<c>money</c>) with <see cref="Column.Precision"/> places.</summary>
    Money,

    /// <summary>Yes or no (<c>bit</c>); <see cref="Column.Options"/> labels 1 and 0.</summary>
    Bool,

    /// <summary>One of <see cref="Column.Options"/> (<c>picklist</c>).</summary>
    Choice,

    /// <summary>Any of <see cref="Column.Options"/> (<c>multiselectpicklist</c>).</summary>
    MultiChoice,

    /// <summary>Date, with or without time (<c>datetime</c>); see <see cref="Column.DateBehavior"/>.</summary>
    DateTime,

    /// <summary>A row of one of <see cref="Column.Targets"/> (<c>lookup</c>).</summary>
    Lookup,

    /// <summary>An account or a contact (<c>customer</c>).</summary>
    Customer,

    /// <summary>The user or team that owns the row (<c>owner</c>).</summary>
    Owner,

    /// <summary>A GUID: the primary key (<c>primarykey</c>) or a plain one (<c>uniqueidentifier</c>).</summary>
    UniqueId,

    /// <summary><c>statecode</c>: its options name the status each begins with.</summary>
    State,

    /// <summary><c>statuscode</c>: its options name the state each belongs to.</summary>
    Status,

    /// <summary>People of an activity (<c>partylist</c>): rows of <c>activityparty</c>.</summary>
    PartyList,

    /// <summary>Logical name of a table, as text.</summary>
    EntityName,
}
