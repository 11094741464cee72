using System.Text.Json;
using System.Text.Json.Nodes;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Analysis.Preregistration;

/// <summary>Whether a registration page is as it was written: its digest covers its plan, and the rest follows from the plan.</summary>
internal static class PageIntegrity
{
    private const string What = "the page itself";

    /// <summary>A deviation for a plan that is not that of the digest, and one for parts that do not follow from the plan.</summary>
    public static IEnumerable<Deviation> Of(RegistrationPage page)
    {
        var plan = page.ReadPlan();
        if (DigestOf(page, plan) is { } digest && digest != page.Digest)
            yield return new Deviation(
                What,
                $"a plan of SHA-256 {Short(page.Digest)}",
                $"a plan of SHA-256 {Short(digest)}: the page was altered after it was written"
            );
        if (plan.Run != $"{page.Experiment}-{Short(page.Digest)[..8]}" || page.Run != plan.Run)
            yield return new Deviation(
                What,
                $"the run of its digest, {page.Experiment}-{Short(page.Digest)[..8]}",
                $"{page.Run}: it was altered"
            );
        string[] altered = [.. Altered(page, RegistrationPage.Of(plan, page.Digest, page.Written, page.Model, page.Identity))];
        if (altered.Length > 0)
            yield return new Deviation(
                What,
                $"{string.Join(", ", altered)} as {(altered.Length == 1 ? "follows" : "follow")} from its plan",
                "another text: the page was altered after it was written, or another version of aime wrote it"
            );
    }

    // Null if the page does not say what the base model is made of: then the digest cannot be computed again.
    private static string? DigestOf(RegistrationPage page, RunPlan plan)
    {
        if (page.Model is not { } written)
            return null;
        try
        {
            return JsonSerializer.Deserialize(written, RegistrationJson.Default.CanonicalModel) is { } model
                ? Canonical.Digest(page.Experiment, plan, model, page.Identity)
                : "none, for its model is null";
        }
        catch (JsonException)
        {
            return "none, for its model cannot be read";
        }
    }

    private static IEnumerable<string> Altered(RegistrationPage page, RegistrationPage derived)
    {
        var (found, expected) = (Members(page), Members(derived));
        return found.Select(m => m.Key).Where(key => !JsonNode.DeepEquals(found[key], expected[key]));
    }

    private static JsonObject Members(RegistrationPage page) =>
        JsonSerializer.SerializeToNode(page with { Run = "", Experiment = "" }, RegistrationJson.Default.RegistrationPage)!.AsObject();

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest.PadRight(8);
}
