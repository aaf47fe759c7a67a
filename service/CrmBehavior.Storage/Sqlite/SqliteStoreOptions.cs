namespace CrmBehavior.Storage.Sqlite;

/// <summary>
/// Options of the embedded store. <see cref="StoreOptions.ConnectionString"/> is the path of the file, or <c>Data Source=…</c> with further
/// words of Microsoft.Data.Sqlite; the file and its folder are made if they are not there. The file must lie on a disk of this machine.
/// </summary>
public sealed class SqliteStoreOptions : StoreOptions
{
}
