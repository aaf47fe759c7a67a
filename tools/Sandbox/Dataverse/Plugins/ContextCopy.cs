using System;
using System.IO;
using System.IO.Compression;
using System.Runtime.Serialization;
using System.Xml;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>Copies of execution contexts: one for each asynchronous step, and the form in which a waiting job survives a restart.</summary>
internal static class ContextCopy
{
    static readonly DataContractSerializer Serializer = new(typeof(RemoteExecutionContext));

    /// <summary>A context of its own with the same parameters; images are left to the step.</summary>
    public static RemoteExecutionContext Of(RemoteExecutionContext context)
    {
        var copy = new RemoteExecutionContext
        {
            MessageName = context.MessageName,
            PrimaryEntityName = context.PrimaryEntityName,
            SecondaryEntityName = context.SecondaryEntityName,
            PrimaryEntityId = context.PrimaryEntityId,
            UserId = context.UserId,
            InitiatingUserId = context.InitiatingUserId,
            UserAzureActiveDirectoryObjectId = context.UserAzureActiveDirectoryObjectId,
            InitiatingUserAzureActiveDirectoryObjectId = context.InitiatingUserAzureActiveDirectoryObjectId,
            BusinessUnitId = context.BusinessUnitId,
            OrganizationId = context.OrganizationId,
            OrganizationName = context.OrganizationName,
            CorrelationId = context.CorrelationId,
            RequestId = context.RequestId,
            Depth = context.Depth,
            IsolationMode = context.IsolationMode,
            ParentContext = context.ParentContext,
            Stage = context.Stage,
            Mode = context.Mode,
            IsInTransaction = context.IsInTransaction,
            OperationId = context.OperationId,
            OperationCreatedOn = context.OperationCreatedOn,
            OwningExtension = context.OwningExtension,
        };
        copy.InputParameters.AddRange(context.InputParameters);
        copy.OutputParameters.AddRange(context.OutputParameters);
        copy.SharedVariables.AddRange(context.SharedVariables);
        return copy;
    }

    /// <summary>The context as text for a job's row; made small, since an import of many rows leaves as many jobs waiting.</summary>
    public static string Write(RemoteExecutionContext context)
    {
        using var buffer = new MemoryStream();
        using (var smaller = new DeflateStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        using (XmlDictionaryWriter writer = XmlDictionaryWriter.CreateBinaryWriter(smaller, null, null, ownsStream: false))
            Serializer.WriteObject(writer, context);
        return Convert.ToBase64String(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads <see cref="Write"/>.</summary>
    public static RemoteExecutionContext Read(string text)
    {
        using var larger = new DeflateStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using XmlDictionaryReader reader = XmlDictionaryReader.CreateBinaryReader(larger, XmlDictionaryReaderQuotas.Max);
        return (RemoteExecutionContext)Serializer.ReadObject(reader)!;
    }
}
