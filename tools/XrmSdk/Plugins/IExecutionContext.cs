using System;

namespace Microsoft.Xrm.Sdk;

/// <summary>What is being done, by whom, to which row.</summary>
public interface IExecutionContext
{
    /// <summary>0 synchronous, 1 asynchronous.</summary>
    int Mode { get; }

    int IsolationMode { get; }

    /// <summary>1 for what a client asked for, one more for each call that a plugin makes in turn.</summary>
    int Depth { get; }

    string MessageName { get; }

    string PrimaryEntityName { get; }

    Guid? RequestId { get; }

    string SecondaryEntityName { get; }

    ParameterCollection InputParameters { get; }

    ParameterCollection OutputParameters { get; }

    ParameterCollection SharedVariables { get; }

    /// <summary>The user as whom the step runs.</summary>
    Guid UserId { get; }

    /// <summary>The user who began it.</summary>
    Guid InitiatingUserId { get; }

    Guid BusinessUnitId { get; }

    Guid OrganizationId { get; }

    string OrganizationName { get; }

    Guid PrimaryEntityId { get; }

    EntityImageCollection PreEntityImages { get; }

    EntityImageCollection PostEntityImages { get; }

    /// <summary>The step.</summary>
    EntityReference OwningExtension { get; }

    Guid CorrelationId { get; }

    bool IsExecutingOffline { get; }

    bool IsOfflinePlayback { get; }

    bool IsInTransaction { get; }

    /// <summary>In an asynchronous step, the id of its job.</summary>
    Guid OperationId { get; }

    /// <summary>In an asynchronous step, when its job was made.</summary>
    DateTime OperationCreatedOn { get; }
}
