using CrmBehavior.Storage.Tests.Conformance;
using Xunit;

namespace CrmBehavior.Storage.Tests.Postgres;

public sealed class PostgresProfileStoreTests(PostgresFixture fixture) : ProfileStoreSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresVisitorTests(PostgresFixture fixture) : VisitorSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresRefusalTests(PostgresFixture fixture) : RefusalSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresErasureTests(PostgresFixture fixture) : ErasureSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresOutboxTests(PostgresFixture fixture) : OutboxSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresUncertainMailTests(PostgresFixture fixture) : UncertainMailSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresServiceStoreTests(PostgresFixture fixture) : ServiceStoreSuite(fixture), IClassFixture<PostgresFixture>;

public sealed class PostgresMergeTests(PostgresFixture fixture) : MergeSuite(fixture), IClassFixture<PostgresFixture>;
