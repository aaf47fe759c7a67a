using System.Collections.Generic;

namespace CrmBehavior.Acceptance.Tests.Upkeep;

/// <summary>A loop of its own, for what others must not meet: short retention, damaged rows, Dynamics 365 Sales, further policies.</summary>
public sealed class UpkeepFixture : LoopFixture
{
    protected override string[] Arguments => [.. base.Arguments, "--sales"];

    protected override Dictionary<string, string> Settings => new(base.Settings) { ["Retention__Events"] = "30d", ["Retention__Keys"] = "20d" };
}
