namespace Microsoft.Xrm.Sdk;

/// <summary>What a plugin's exception asks of the platform.</summary>
public enum OperationStatus
{
    Failed = 0,
    Canceled = 1,
    Retry = 2,
    Suspended = 3,
    Succeeded = 4,
}
