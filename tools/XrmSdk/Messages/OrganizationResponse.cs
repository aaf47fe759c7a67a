using System.Runtime.Serialization;

namespace Microsoft.Xrm.Sdk;

/// <summary>The answer to a message.</summary>
[DataContract(Name = "OrganizationResponse", Namespace = ContractNamespaces.Xrm2011)]
public class OrganizationResponse : IExtensibleDataObject
{
    ParameterCollection results;

    public OrganizationResponse()
    {
    }

    [DataMember]
    public string ResponseName { get; set; }

    public object this[string parameterName]
    {
        get => Results[parameterName];
        set => Results[parameterName] = value;
    }

    [DataMember]
    public ParameterCollection Results
    {
        get => results ??= new ParameterCollection();
        set => results = value;
    }

    public ExtensionDataObject ExtensionData { get; set; }

    internal T Get<T>(string name) => Results.TryGetValue(name, out object value) ? (T)value : default;
}
