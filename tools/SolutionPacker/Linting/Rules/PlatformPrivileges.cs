using System.Collections.Generic;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>
/// Privileges of the platform that belong to no table described here: those of metadata, of a user's own settings, and of actions.
/// Names as exported roles have them; add one when a role needs it.
/// </summary>
static class PlatformPrivileges
{
    internal static readonly IReadOnlySet<string> Names = new HashSet<string>
    {
        "prvActOnBehalfOfAnotherUser", "prvBulkEdit", "prvExportToExcel", "prvMerge", "prvPrint", "prvUseTabletApp",
        "prvReadAttribute", "prvReadAttributeMap", "prvReadCustomization", "prvReadEntity", "prvReadEntityKey", "prvReadEntityMap",
        "prvReadOptionSet", "prvReadRelationship", "prvReadRelationshipRole", "prvReadSettingDefinition", "prvReadSystemApplicationMetadata",
        "prvReadUserSettings", "prvWriteUserSettings", "prvCreateUserSettings",
        "prvCreateUserApplicationMetadata", "prvReadUserApplicationMetadata", "prvWriteUserApplicationMetadata", "prvDeleteUserApplicationMetadata",
        "prvCreateUserEntityInstanceData", "prvReadUserEntityInstanceData", "prvWriteUserEntityInstanceData", "prvDeleteUserEntityInstanceData",
        "prvCreateUserEntityUISettings", "prvReadUserEntityUISettings", "prvWriteUserEntityUISettings", "prvDeleteUserEntityUISettings",
        "prvCreateUserQuery", "prvReadUserQuery", "prvWriteUserQuery", "prvDeleteUserQuery",
        "prvCreateUserQueryVisualizations", "prvReadUserQueryVisualizations", "prvWriteUserQueryVisualizations", "prvDeleteUserQueryVisualizations",
    };
}
