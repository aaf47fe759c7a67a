namespace CrmBehavior.SolutionPacker.Solutions;

/// <summary>Numbers of component types in <c>solution.xml</c> and in apps (the platform's <c>componenttype</c>).</summary>
public static class ComponentTypes
{
    /// <summary>A table, by logical name.</summary>
    public const int Table = 1;

    /// <summary>A shared choice, by name.</summary>
    public const int OptionSet = 9;

    /// <summary>A relationship of two tables, by name.</summary>
    public const int Relationship = 10;

    /// <summary>A security role, by id.</summary>
    public const int Role = 20;

    /// <summary>A view, by id.</summary>
    public const int View = 26;

    /// <summary>A chart, by id.</summary>
    public const int Chart = 59;

    /// <summary>A form or dashboard, by id.</summary>
    public const int Form = 60;

    /// <summary>A web resource, by name.</summary>
    public const int WebResource = 61;

    /// <summary>A site map, by unique name.</summary>
    public const int SiteMap = 62;

    /// <summary>A model-driven app, by unique name.</summary>
    public const int AppModule = 80;

    /// <summary>A class of a plugin assembly, by id.</summary>
    public const int PluginType = 90;

    /// <summary>A plugin assembly, by id and full name.</summary>
    public const int PluginAssembly = 91;

    /// <summary>A step, by id.</summary>
    public const int ProcessingStep = 92;

    /// <summary>A service endpoint, by id.</summary>
    public const int ServiceEndpoint = 95;

    /// <summary>Definition of an environment variable, by schema name.</summary>
    public const int EnvironmentVariable = 380;
}
