using System;
using System.Collections.Generic;

namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>Messages whose ids are the same in every environment.</summary>
public static class Messages
{
    /// <summary>Name by id.</summary>
    public static IReadOnlyDictionary<Guid, string> ById { get; } = new Dictionary<Guid, string>
    {
        [new Guid("9ebdbb1b-ea3e-db11-86a7-000a3a5473e8")] = "Create",
        [new Guid("20bebb1b-ea3e-db11-86a7-000a3a5473e8")] = "Update",
        [new Guid("a1bdbb1b-ea3e-db11-86a7-000a3a5473e8")] = "Delete",
        [new Guid("16e7c888-3b24-448b-b7da-ebfe9b681762")] = "Associate",
        [new Guid("bdfc191d-fc56-493a-a6b1-cb0c47a22ecc")] = "Disassociate",
    };
}
