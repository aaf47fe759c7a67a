using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CrmBehavior.Sandbox.Dataverse.Errors;

/// <summary>The failures of the Web API in the platform's words.</summary>
internal static class Failure
{
    public static DataverseException NotFound(string table, Guid id) =>
        new(404, ErrorCodes.ObjectDoesNotExist, $"{table} With Id = {id} Does Not Exist");

    public static DataverseException NotFound(string table, IReadOnlyList<Guid> ids) => ids.Count == 1 ? NotFound(table, ids[0])
        : new(404, ErrorCodes.ObjectDoesNotExist, $"{table} With Ids = {string.Join(", ", ids)} Do Not Exist");

    public static DataverseException NotFoundByKey(string table) =>
        new(404, ErrorCodes.NotFoundByKey, $"A record with the specified key values does not exist in {table} entity");

    public static DataverseException KeyNotDefined(string segment) =>
        new(400, ErrorCodes.KeyNotDefined,
            $"The key in the request URI is not valid for resource '{segment}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource 'Microsoft.Dynamics.CRM.{segment}'.");

    public static DataverseException DuplicateId(string table) =>
        new(412, ErrorCodes.DuplicateRecord, $"A record with matching key values already exists. ({table}: Cannot insert duplicate key.)");

    public static DataverseException Exists() => new(412, ErrorCodes.DuplicateRecord, "A record with matching key values already exists.");

    public static DataverseException DuplicateKey(string key, IReadOnlyList<string> columns) =>
        new(412, ErrorCodes.DuplicateEntityKey,
            $"Entity Key {key} violated. A record with the same value for {string.Join(", ", columns)} already exists. A duplicate record cannot be created. Select one or more unique values and try again.");

    public static DataverseException VersionMismatch() =>
        new(412, ErrorCodes.VersionMismatch, "The version of the existing record doesn't match the RowVersion property provided.");

    public static DataverseException NoSuchSet(string segment) =>
        new(404, ErrorCodes.NoResource, $"Resource not found for the segment '{segment}'.");

    public static DataverseException UnknownProperty(string property, string table) =>
        new(400, ErrorCodes.BadPayload,
            $"Error identified in Payload provided by the user for Entity :'{table}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: The property '{property}' does not exist on type 'Microsoft.Dynamics.CRM.{table}'. Make sure to only use property names that are defined by the type.");

    public static DataverseException UndeclaredNavigation(string property, string table) =>
        new(400, ErrorCodes.BadPayload,
            $"Error identified in Payload provided by the user for Entity :'{table}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: An undeclared property '{property}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.");

    public static DataverseException DirectLookup(string property) =>
        new(400, ErrorCodes.BadPayload, $"CRM do not support direct update of Entity Reference properties, Use Navigation properties instead. ({property})");

    public static DataverseException BadValue(string table, string column, string literal, string type) =>
        new(400, ErrorCodes.BadPayload,
            $"Error identified in Payload provided by the user for Entity :'{table}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: Cannot convert the literal '{literal}' to the expected type '{type}'. (property '{column}')");

    public static DataverseException BadPayload(string message) => new(400, ErrorCodes.BadPayload, message);

    public static DataverseException BadQuery(string message) => new(400, ErrorCodes.BadQuery, message);

    public static DataverseException BadRequest(string message) => new(400, ErrorCodes.BadRequest, message);

    public static DataverseException InvalidArgument(string message) => new(400, ErrorCodes.InvalidArgument, message);

    public static DataverseException TooLong(string table, string column, int length) =>
        new(400, ErrorCodes.StringTooLong,
            $"A validation error occurred. The length of the '{column}' attribute of the '{table}' entity exceeded the maximum allowed length of '{length.ToString(CultureInfo.InvariantCulture)}'.");

    public static DataverseException OutOfRange(string table, string column) =>
        new(400, ErrorCodes.NumberOutOfRange, $"A validation error occurred. The value of '{column}' on record of type '{table}' is outside the valid range.");

    public static DataverseException NoSuchChoice(string table, string column, int value, IEnumerable<int> accepted) =>
        new(400, ErrorCodes.ChoiceOutOfRange,
            $"A validation error occurred. The value {value.ToString(CultureInfo.InvariantCulture)} of '{column}' on record of type '{table}' is outside the valid range. Accepted Values: {string.Join(',', accepted.Select(a => a.ToString(CultureInfo.InvariantCulture)))}");

    public static DataverseException InvalidCharacters(string column) =>
        new(400, ErrorCodes.InvalidCharacters,
            $"Invalid character in field '{column}': a value that cannot be written in XML, specified character: control or lone surrogate.");

    public static DataverseException InvalidStatus(int status, string table, string state) =>
        new(400, ErrorCodes.InvalidStatus,
            $"{status.ToString(CultureInfo.InvariantCulture)} is not a valid status code for state code {table}State.{state} on {table}.");

    public static DataverseException RequiredMissing(string table, string column) =>
        new(400, ErrorCodes.RequiredMissing, $"Attribute '{column}' cannot be NULL on '{table}'.");

    public static DataverseException Restricted() =>
        new(400, ErrorCodes.CannotDelete, "The object you tried to delete is associated with another object and cannot be deleted.");

    public static DataverseException PrivilegeDenied(Guid user, string privilege, string table) =>
        new(403, ErrorCodes.PrivilegeDenied,
            $"Principal user (Id={user}, type=8) is missing {privilege} privilege (Id={Security.PrivilegeNames.IdOf(privilege)}) on entity '{table}'.");

    public static DataverseException NotMember(Guid user) =>
        new(403, ErrorCodes.NotMember, $"The user with id {user} is disabled, or is not a member of the organization.");

    public static DataverseException NoTransaction() =>
        new(400, ErrorCodes.Unexpected,
            "There is no active transaction. This error is usually caused by custom plug-ins that ignore errors from service calls and continue processing.");

    public static DataverseException TooDeep() =>
        new(400, ErrorCodes.TooDeep,
            "This workflow job was canceled because the workflow that started it included an infinite loop. Correct the workflow logic and try again. (Depth exceeded 8.)");
}

