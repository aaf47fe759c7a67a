using System;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>The value of a lookup: a row of a table.</summary>
internal sealed record Lookup(string Table, Guid Id);
