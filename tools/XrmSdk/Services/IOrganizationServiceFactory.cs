using System;

namespace Microsoft.Xrm.Sdk;

/// <summary>Makes services for users.</summary>
public interface IOrganizationServiceFactory
{
    /// <summary>A service that acts as this user; null is the system itself.</summary>
    IOrganizationService CreateOrganizationService(Guid? userId);
}
