using CrmBehavior.Storage.Tests.Conformance;
using Xunit;

namespace CrmBehavior.Storage.Tests.InMemory;

public sealed class MemoryProfileStoreTests(MemoryFixture fixture) : ProfileStoreSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class MemoryVisitorTests(MemoryFixture fixture) : VisitorSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class MemoryRefusalTests(MemoryFixture fixture) : RefusalSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class MemoryErasureTests(MemoryFixture fixture) : ErasureSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class MemoryOutboxTests(MemoryFixture fixture) : OutboxSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class MemoryUncertainMailTests(MemoryFixture fixture) : UncertainMailSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class MemoryServiceStoreTests(MemoryFixture fixture) : ServiceStoreSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class MemoryMergeTests(MemoryFixture fixture) : MergeSuite(fixture), IClassFixture<MemoryFixture>;
