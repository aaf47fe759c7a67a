using System.Collections.Generic;

namespace CrmBehavior.Sandbox.Storage;

/// <summary>
/// The tables of the journal. Row keys are running numbers, so that inserts append; contents are opaque to SQLite and belong to the
/// stand-in that wrote them.
/// </summary>
internal static class JournalTables
{
    public static readonly IReadOnlyList<string> Statements =
    [
        "CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        "CREATE TABLE IF NOT EXISTS bus_queue (name TEXT PRIMARY KEY, description TEXT NOT NULL, next_sequence INTEGER NOT NULL) STRICT",
        """
        CREATE TABLE IF NOT EXISTS bus_message (
          id INTEGER PRIMARY KEY, queue TEXT NOT NULL, sequence INTEGER NOT NULL, dead INTEGER NOT NULL, deliveries INTEGER NOT NULL,
          properties TEXT NOT NULL, body BLOB NOT NULL) STRICT
        """,
        "CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT",
        "CREATE TABLE IF NOT EXISTS mail_event (id INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT",
        "CREATE TABLE IF NOT EXISTS crm_row (id INTEGER PRIMARY KEY, tbl TEXT NOT NULL, content BLOB NOT NULL) STRICT",
        "CREATE TABLE IF NOT EXISTS crm_link (id INTEGER PRIMARY KEY, relationship TEXT NOT NULL, first BLOB NOT NULL, second BLOB NOT NULL) STRICT",
        """
        CREATE TABLE IF NOT EXISTS crm_deletion (
          id INTEGER PRIMARY KEY, tbl TEXT NOT NULL, row BLOB NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL) STRICT
        """,
        "CREATE TABLE IF NOT EXISTS crm_solution (name TEXT PRIMARY KEY, position INTEGER NOT NULL, zip BLOB NOT NULL) STRICT",
    ];
}
