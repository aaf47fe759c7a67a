namespace CrmBehavior.Plugins.Registration;

/// <summary>Type of a custom API's field; the numbers are the platform's (<c>customapirequestparameter.type</c>).</summary>
public enum CustomApiFieldType
{
    /// <summary>Yes or no.</summary>
    Boolean = 0,

    /// <summary>A time, UTC.</summary>
    DateTime = 1,

    /// <summary>A whole number of 32 bits.</summary>
    Integer = 7,

    /// <summary>Text.</summary>
    String = 10,

    /// <summary>An id.</summary>
    Guid = 12,
}
