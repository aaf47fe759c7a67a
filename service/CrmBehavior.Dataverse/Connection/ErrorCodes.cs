namespace CrmBehavior.Dataverse.Connection;

/// <summary>Error codes of the platform that mean something to us. Source: Microsoft's "Web service error codes".</summary>
static class ErrorCodes
{
    public const string ObjectDoesNotExist = "0x80040217";
    public const string NotFoundByKey = "0x80060891";
    public const string DuplicateRecord = "0x80040237";
    public const string DuplicateKey = "0x80060892";
    public const string NoResource = "0x8006088a";
    public const string ThrottledByConcurrency = "0x80072326";
    public const string VersionStampExpired = "0x80044352";
    public const string SqlError = "0x80044150";
    public const string SqlTimeout = "0x80044151";
    public const string PluginAborted = "0x80040265";
    public const string PluginFailed = "0x80040224";
    public const string PluginTimeout = "0x80081111";
    public const string SandboxClientTimeout = "0x80044171";
    public const string SandboxHostTimeout = "0x80044172";
    public const string SandboxWorkerTimeout = "0x80044173";
}
