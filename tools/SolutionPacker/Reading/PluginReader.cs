using System;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Reading;

/// <summary>Reads assemblies, steps and service endpoints.</summary>
static class PluginReader
{
    internal const int ServiceEndpointHandler = 4618;

    internal static PluginAssembly Assembly(SolutionFiles files, XElement assembly)
    {
        string file = assembly.Required("FileName").TrimStart('/');
        return new PluginAssembly
        {
            Id = assembly.RequiredGuidAttribute("PluginAssemblyId"),
            FullName = assembly.RequiredAttribute("FullName"),
            IsolationMode = assembly.Int("IsolationMode") ?? 2,
            FileName = file,
            Content = files.Contents.TryGetValue(file, out ReadOnlyMemory<byte> content)
                ? content
                : throw new SolutionFormatException(SourcePlace.Of(assembly), $"names the file {file}, which is not in the zip."),
            Types = assembly.Element("PluginTypes")?.Elements("PluginType").Select(t => new PluginType
            {
                Id = t.RequiredGuidAttribute("PluginTypeId"),
                Name = t.RequiredAttribute("Name"),
                AssemblyQualifiedName = t.RequiredAttribute("AssemblyQualifiedName"),
                FriendlyName = t.Text("FriendlyName") ?? "",
            }).ToList() ?? [],
        };
    }

    internal static ProcessingStep Step(XElement step)
    {
        Guid message = step.RequiredGuid("SdkMessageId");
        bool endpoint = step.Int("EventHandlerTypeCode") == ServiceEndpointHandler;
        return new ProcessingStep
        {
            Id = step.RequiredGuidAttribute("SdkMessageProcessingStepId"),
            Name = step.RequiredAttribute("Name"),
            PluginTypeName = endpoint ? null : step.Text("PluginTypeName"),
            PluginTypeId = endpoint ? null : step.Guid("PluginTypeId"),
            ServiceEndpointId = endpoint ? step.Guid("EventHandler") : null,
            Table = step.Text("PrimaryEntity"),
            MessageId = message,
            Message = Messages.ById.TryGetValue(message, out string? name) ? name : null,
            Stage = step.RequiredInt("Stage"),
            Mode = step.RequiredInt("Mode"),
            Rank = step.Int("Rank") ?? 1,
            FilteringColumns = step.Names("FilteringAttributes"),
            Configuration = step.Text("Configuration"),
            Description = step.Text("Description"),
            AsyncAutoDelete = step.Flag("AsyncAutoDelete"),
            Images = step.Element("SdkMessageProcessingStepImages")?.Elements().Select(Image).ToList() ?? [],
        };
    }

    internal static ServiceEndpoint Endpoint(XElement endpoint) => new()
    {
        Id = endpoint.RequiredGuidAttribute("ServiceEndpointId"),
        Name = endpoint.RequiredAttribute("Name"),
        Contract = endpoint.RequiredInt("Contract"),
        AuthType = endpoint.RequiredInt("AuthType"),
        MessageFormat = endpoint.Int("MessageFormat") ?? 1,
        Path = endpoint.Text("Path") ?? "",
        NamespaceAddress = endpoint.Text("NamespaceAddress") ?? "",
        SasKeyName = endpoint.Text("SASKeyName") ?? "",
        UserClaim = endpoint.Int("UserClaim") ?? 1,
    };

    static StepImage Image(XElement image) => new()
    {
        Id = image.RequiredGuid("SdkMessageProcessingStepImageId"),
        Name = image.RequiredAttribute("Name"),
        Alias = image.Required("EntityAlias"),
        ImageType = image.RequiredInt("ImageType"),
        MessageProperty = image.Required("MessagePropertyName"),
        Columns = image.Names("Attributes"),
    };
}
