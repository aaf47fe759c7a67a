using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>No key, token or value of an environment travels in the zip; a value shipped in a managed solution could never be changed.</summary>
static partial class Secrets
{
    static readonly string[] EndpointSecrets = ["SASKey", "SASToken", "AuthValue"];

    internal static IEnumerable<Finding> Check(LintSubject subject)
        => Values(subject).Concat(Definitions(subject)).Concat(Endpoints(subject)).Concat(Configurations(subject));

    static IEnumerable<Finding> Values(LintSubject subject)
        => subject.Files.Contents.Keys.Concat(subject.Files.Components.Keys)
            .Where(e => e.StartsWith(SolutionFiles.EnvironmentVariablesFolder, StringComparison.Ordinal))
            .Where(e => e.Contains("environmentvariablevalues", StringComparison.Ordinal))
            .Select(e => new Finding("environment-value", SourcePlace.Whole(e), "holds values of an environment; delete it and set them in the environment."));

    static IEnumerable<Finding> Definitions(LintSubject subject)
        => SettingsReader.Roots(subject.Files, SolutionFiles.EnvironmentVariablesFolder, "environmentvariabledefinition")
            .Where(v => v.Int("type") == EnvironmentVariable.SecretType && v.Element("defaultvalue") is not null)
            .Select(v => LintSubject.At(v.Element("defaultvalue")!, "secret", "a secret has no default value; it would be readable in the zip."));

    static IEnumerable<Finding> Endpoints(LintSubject subject)
        => subject.Files.Section("ServiceEndpoints").SelectMany(e => e.Descendants()).Where(e => EndpointSecrets.Contains(e.Name.LocalName))
            .Select(e => LintSubject.At(e, "secret", "is a key; it is set in the environment after the import."));

    static IEnumerable<Finding> Configurations(LintSubject subject)
        => subject.Files.Section("SdkMessageProcessingSteps").Elements("Configuration").Where(c => SecretWords().IsMatch(c.Value))
            .Select(c => LintSubject.At(c, "secret", "looks like a key or password; everyone who sees the step can read its configuration."));

    [GeneratedRegex("password|secret|apikey|api_key|sharedaccess|accountkey|bearer |token", RegexOptions.IgnoreCase)]
    private static partial Regex SecretWords();
}
