using System;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>The row that an upsert wrote, and whether it made it.</summary>
internal readonly record struct Upserted(Guid Id, bool IsNew);
