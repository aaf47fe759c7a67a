using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Query.Fetch;

/// <summary>A row of the first table with those joined to it; a missing one of an outer join is null.</summary>
internal sealed class JoinedRow
{
    readonly Row?[] rows;

    public JoinedRow(Row first, int tables) => (rows = new Row?[tables])[0] = first;

    JoinedRow(Row?[] rows) => this.rows = rows;

    public Row First => rows[0]!;

    /// <summary>The row of a table by its number; 0 is the first.</summary>
    public Row? this[int table] => rows[table];

    /// <summary>The same with another row joined.</summary>
    public JoinedRow With(int table, Row? row)
    {
        var copy = (Row?[])rows.Clone();
        copy[table] = row;
        return new JoinedRow(copy);
    }
}
