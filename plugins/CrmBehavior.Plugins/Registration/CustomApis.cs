using System.Collections.Generic;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Definitions;
using CrmBehavior.Plugins.Questions;
using CrmBehavior.Plugins.Tags;

namespace CrmBehavior.Plugins.Registration;

/// <summary>Messages of our own. Those that ask the service name a privilege: what they may see there is checked by the service.</summary>
static class CustomApis
{
    const string ReadsDefinitions = "prvReadcrmb_definition";
    const string WritesDefinitions = "prvWritecrmb_definition";

    internal static IEnumerable<CustomApi> All()
    {
        yield return new CustomApi(
            "51b2d611-d5c8-4513-90a0-fb0e01ce8efe", CrmNames.Publish, CrmNames.Definition, privilege: null, typeof(DefinitionPublished),
            [
                new CustomApiField("c51dfde1-8ff3-4ad6-81ad-a51cd15245b1", PublishParameters.Reason, CustomApiFieldType.String, optional: false),
            ],
            [
                new CustomApiField("b3d40a94-62d3-4059-820f-5e440cdeb0fd", PublishParameters.Version, CustomApiFieldType.Integer, optional: false),
            ]);
        yield return new CustomApi(
            "898b5dfb-e581-4b58-884d-83c9c63dd905", CrmNames.SetTags, boundTable: null, privilege: null, typeof(TagsSet),
            [
                new CustomApiField("2565b986-2386-4496-aa1f-3ab968e934fc", SetTagsParameters.Pairs, CustomApiFieldType.String, optional: false),
            ],
            [
                new CustomApiField("44079344-2097-44ce-a15b-a1f0dbf99256", SetTagsParameters.Changed, CustomApiFieldType.Integer, optional: false),
                new CustomApiField("9ffddf80-e020-4b86-98fa-25bcd7754c9c", SetTagsParameters.Missing, CustomApiFieldType.String, optional: false),
                new CustomApiField("f3a0c1de-52f4-4e0b-8a64-41033c0da001", SetTagsParameters.There, CustomApiFieldType.String, optional: false),
            ]);
        yield return new CustomApi(
            "0f165c01-f3a8-47ad-8808-970e4e6d97d2", CrmNames.Explain, boundTable: null, privilege: ReadsDefinitions, typeof(ExplanationAsked),
            [
                new CustomApiField("a44ca43f-04fa-4bc8-90a2-88765262f886", Parameters.ContactId, CustomApiFieldType.Guid, optional: false),
                new CustomApiField("357ff8c5-783c-470c-ab7c-c650428e5636", Parameters.Definition, CustomApiFieldType.String, optional: false),
                new CustomApiField("f0a8bf79-25db-41fd-80ce-7f7d02d1733a", Parameters.At, CustomApiFieldType.DateTime, optional: true),
            ],
            [
                new CustomApiField("287f6b03-c1d9-4ddf-b2b4-a0df5c42a42e", Parameters.Text, CustomApiFieldType.String, optional: false),
                new CustomApiField("62718ca9-41df-4322-8806-60365da29ecf", Parameters.Json, CustomApiFieldType.String, optional: false),
            ]);
        yield return new CustomApi(
            "f25b6fdc-ca26-41d4-a383-c201f43295f2", CrmNames.Validate, boundTable: null, privilege: WritesDefinitions, typeof(ValidationAsked),
            [
                new CustomApiField("afbb1142-77f7-4108-9c05-ccc9b02ee359", Parameters.Json, CustomApiFieldType.String, optional: false),
            ],
            [
                new CustomApiField("a03c9656-1029-449a-b601-4e5c22a082a2", Parameters.IsValid, CustomApiFieldType.Boolean, optional: false),
                new CustomApiField("7e5fa15d-6b48-4bce-8c53-572f274a6d83", Parameters.Problems, CustomApiFieldType.String, optional: false),
                new CustomApiField("c9387b7d-0923-4fcd-b36c-3b36b935c103", Parameters.Words, CustomApiFieldType.String, optional: false),
                new CustomApiField("40ad6c85-874e-49f7-a7d1-ced31b5f0f5b", Parameters.Details, CustomApiFieldType.String, optional: false),
            ]);
        yield return new CustomApi(
            "0621dd13-3665-491a-9759-0bfa7981b88f", CrmNames.Backtest, boundTable: null, privilege: WritesDefinitions, typeof(BacktestAsked),
            [
                new CustomApiField("dc513f53-bf3d-4af6-bb2e-a2641e0ce8fc", Parameters.Json, CustomApiFieldType.String, optional: true),
                new CustomApiField("e2dd2865-e85b-4a96-a8c0-9427b1ac1baf", Parameters.Journey, CustomApiFieldType.String, optional: true),
                new CustomApiField("411ca234-f599-4c6c-a0a0-41bdfd8b4755", Parameters.Days, CustomApiFieldType.Integer, optional: false),
            ],
            [
                new CustomApiField("111ace92-a311-440e-90db-c489cfc8a21e", Parameters.Text, CustomApiFieldType.String, optional: false),
                new CustomApiField("f6e5345e-ec64-4341-9455-9183179050b6", Parameters.Json, CustomApiFieldType.String, optional: false),
            ]);
        yield return new CustomApi(
            "a5c91153-c1ac-43ef-9a14-4b19f6f11cb7", CrmNames.SendTest, boundTable: null, privilege: WritesDefinitions, typeof(TestMailAsked),
            [
                new CustomApiField("913ad415-18dd-41f8-81ca-6ef4ce28ebde", Parameters.Template, CustomApiFieldType.String, optional: true),
                new CustomApiField("88e7b294-b430-4777-a868-1f6197d67e7d", Parameters.Json, CustomApiFieldType.String, optional: true),
                new CustomApiField("20a505a5-72ab-428a-9b7a-119ea2da9f2c", Parameters.ContactId, CustomApiFieldType.Guid, optional: false),
            ],
            [
                new CustomApiField("d07799b7-75dd-4748-983f-4e0f03666d01", Parameters.Text, CustomApiFieldType.String, optional: false),
            ]);
    }
}
