namespace CrmBehavior.Sandbox.Dataverse.Errors;

/// <summary>The platform's error codes that this stand-in uses. Source: Microsoft's "Web service error codes".</summary>
internal static class ErrorCodes
{
    public const string ObjectDoesNotExist = "0x80040217";
    public const string DuplicateRecord = "0x80040237";
    public const string DuplicateEntityKey = "0x80060892";
    public const string NotFoundByKey = "0x80060891";
    public const string KeyNotDefined = "0x80060890";
    public const string VersionMismatch = "0x80060882";
    public const string PrivilegeDenied = "0x80040220";
    public const string AccessDenied = "0x80048405";
    public const string NotMember = "0x80040225";
    public const string InvalidArgument = "0x80040203";
    public const string NoAttribute = "0x80041103";
    public const string NoEntity = "0x80041102";
    public const string StringTooLong = "0x80044331";
    public const string NumberOutOfRange = "0x80044330";
    public const string ChoiceOutOfRange = "0x8004431a";
    public const string InvalidCharacters = "0x80040278";
    public const string InvalidStatus = "0x80048408";
    public const string RequiredMissing = "0x80040200";
    public const string CannotDelete = "0x80040227";
    public const string PluginAborted = "0x80040265";
    public const string PluginFailed = "0x80040224";
    public const string PluginTimeout = "0x80081111";
    public const string TooDeep = "0x80044182";
    public const string BadRequest = "0x8005f100";
    public const string BadPayload = "0x80048d19";
    public const string BadQuery = "0x80060888";
    public const string NoResource = "0x8006088a";
    public const string Throttled = "0x80072322";
    public const string ThrottledTime = "0x80072321";
    public const string ThrottledConcurrency = "0x80072326";
    public const string TokenExpired = "0x80044352";
    public const string TrackingDisabled = "0x80072491";
    public const string ImportInvalid = "0x8004801a";
    public const string ImportOlder = "0x80048033";
    public const string MissingDependency = "0x8004801d";
    public const string DependenciesExist = "0x8004f01f";
    public const string BusMessageTooLarge = "0x80050208";
    public const string BatchItem = "0x80040203";
    public const string Unexpected = "0x80040216";
    public const string NotImplemented = "0x80048d1a";
    public const string MethodNotAllowed = "0x8006088b";
}
