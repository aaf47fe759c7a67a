using CrmBehavior.Storage.Tests.Conformance;
using Xunit;

namespace CrmBehavior.Storage.Tests.Sqlite;

public sealed class SqliteProfileStoreTests(SqliteFixture fixture) : ProfileStoreSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteVisitorTests(SqliteFixture fixture) : VisitorSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteRefusalTests(SqliteFixture fixture) : RefusalSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteErasureTests(SqliteFixture fixture) : ErasureSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteOutboxTests(SqliteFixture fixture) : OutboxSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteUncertainMailTests(SqliteFixture fixture) : UncertainMailSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteServiceStoreTests(SqliteFixture fixture) : ServiceStoreSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteMergeTests(SqliteFixture fixture) : MergeSuite(fixture), IClassFixture<SqliteFixture>;
