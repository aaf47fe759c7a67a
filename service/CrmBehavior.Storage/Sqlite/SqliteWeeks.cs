namespace CrmBehavior.Storage.Sqlite;

/// <summary>The weeks of which keys are kept whose events have left the log; a jump through the index per week, however many keys there are.</summary>
internal static class SqliteWeeks
{
    /// <summary>To stand in front of a statement that reads from <c>weeks</c>.</summary>
    public const string With = """
        WITH RECURSIVE weeks (week) AS (
          SELECT max(week) FROM seen
          UNION ALL
          SELECT (SELECT max(earlier.week) FROM seen earlier WHERE earlier.week < weeks.week) FROM weeks WHERE weeks.week IS NOT NULL)

        """;

    /// <summary>The weeks, newest first.</summary>
    public const string Newest = With + "SELECT week FROM weeks WHERE week IS NOT NULL ORDER BY week DESC";
}
