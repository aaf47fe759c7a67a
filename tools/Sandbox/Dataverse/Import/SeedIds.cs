using System;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>Ids of the rows every sandbox begins with; fixed, so that scripts may name them.</summary>
internal static class SeedIds
{
    public static readonly Guid Organization = new("5a4db0c0-0000-4000-8000-0000000000a0");
    public static readonly Guid BusinessUnit = new("5a4db0c0-0000-4000-8000-0000000000b0");
    public static readonly Guid Currency = new("5a4db0c0-0000-4000-8000-0000000000c0");
    public static readonly Guid SystemUser = new("5a4db0c0-0000-4000-8000-000000000001");
    public static readonly Guid Administrator = new("5a4db0c0-0000-4000-8000-000000000002");
    public static readonly Guid Marketer = new("5a4db0c0-0000-4000-8000-000000000003");
    public static readonly Guid Salesperson = new("5a4db0c0-0000-4000-8000-000000000004");
    public static readonly Guid SecondSalesperson = new("5a4db0c0-0000-4000-8000-000000000005");
    public static readonly Guid ProductAdministrator = new("5a4db0c0-0000-4000-8000-000000000006");
    public static readonly Guid Service = new("5a4db0c0-0000-4000-8000-000000000007");
    public static readonly Guid DefaultPublisher = new("d21aab71-79e7-11dd-8874-00188b01e34f");

    /// <summary>The System Administrator role; the id is that of its template in every environment.</summary>
    public static readonly Guid SystemAdministratorRole = new("627090ff-40a3-4053-8790-584edc5be201");
}
