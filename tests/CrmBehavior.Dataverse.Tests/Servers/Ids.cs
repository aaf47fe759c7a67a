using System;

namespace CrmBehavior.Dataverse.Tests.Servers;

/// <summary>Ids that read like their numbers.</summary>
static class Ids
{
    public static Guid Of(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
}
