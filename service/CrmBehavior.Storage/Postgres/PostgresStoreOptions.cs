namespace CrmBehavior.Storage.Postgres;

/// <summary>
/// Options of the store for several processes. <see cref="StoreOptions.ConnectionString"/> is one of Npgsql; words in it stand, settings of
/// the session that the store needs are added. A pooler between must let the start-up parameter <c>options</c> through.
/// </summary>
public sealed class PostgresStoreOptions : StoreOptions
{
}
