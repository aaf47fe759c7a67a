namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>Types of custom APIs' parameters, with the platform's numbers.</summary>
internal enum ApiParameterType
{
    Boolean, DateTime, Decimal, Entity, EntityCollection, EntityReference, Float, Integer, Money, Picklist, String, StringArray, Guid,
}
