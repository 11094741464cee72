using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Verification;

/// <summary>The blobs that events refer to, each with the first reference.</summary>
/// <remarks>
/// References are listed by event type; a test searches the JSON of every event for digests that are missing here.
/// </remarks>
internal sealed class BlobReferences
{
    private const int DigestLength = 64;

    private readonly Dictionary<string, (RowPlace Place, string Path)> _first = new(StringComparer.Ordinal);
    private readonly HashSet<string> _weights = new(StringComparer.Ordinal);
    private readonly HashSet<string> _elsewhere = new(StringComparer.Ordinal); // checkpoints of folders, whose weights stay there

    /// <summary>By digest, in the order of their first reference.</summary>
    public IEnumerable<(string Sha256, RowPlace Place, string Path)> All =>
        _first.Where(f => !_elsewhere.Contains(f.Key)).Select(f => (f.Key, f.Value.Place, f.Value.Path));

    /// <summary>Whether a blob holds a model's weights rather than text.</summary>
    public bool AreWeights(string sha256) => _weights.Contains(sha256);

    /// <summary>Collects the references of an event.</summary>
    public void Take(RowPlace place, Event happened)
    {
        switch (happened)
        {
            case Prompted e:
                Model(place, "d.model", e.Model);
                break;
            case Stored e:
                Model(place, "d.model", e.Model);
                break;
            case Probed e:
                Model(place, "d.model", e.Model);
                break;
            case Adopted e:
                Model(place, "d.model", e.Model);
                break;
            case SelfBegan e:
                Model(place, "d.spec.base", e.Spec.Base);
                break;
            case TrainerBegan e:
                Model(place, "d.base", e.Base);
                break;
            case Trained e:
                Model(place, "d.candidate", e.Candidate);
                break;
            case Promoted e:
                Model(place, "d.candidate", e.Candidate);
                break;
            case ModelCalled e:
                Model(place, "d.model", e.Model);
                break;
            case ModelChanged e:
                Model(place, "d.model", e.Model);
                break;
            case Appointed e:
                Model(place, "d.model", e.Model);
                Model(place, "d.replaced", e.Replaced);
                break;
            case InputReceived { Input: Input.Appointment a }:
                Model(place, "d.input.model", a.Model);
                break;
            case RolledBack e:
                Model(place, "d.candidate", e.Candidate);
                break;
            case GateUnchecked e:
                Model(place, "d.candidate", e.Candidate);
                break;
            case Sealed e:
                Add(place, "d.batch", e.Batch);
                Add(place, "d.anchor", e.Anchor);
                break;
            case Planned e:
                TakePlan(place, e.Plan);
                break;
            case RunPlanned e:
                TakeRun(place, e.Plan);
                break;
            case ShardPlanned e:
                TakeRun(place, e.Plan);
                break;
        }
    }

    private void TakePlan(RowPlace place, TrainingPlan plan)
    {
        Model(place, "d.plan.start", plan.Start);
        for (var i = 0; i < plan.Parts.Length; i++)
            Add(place, $"d.plan.parts[{i}]", plan.Parts[i]);
    }

    private void TakeRun(RowPlace place, RunPlan plan)
    {
        Model(place, "d.plan.base", plan.Base);
        foreach (var (i, variant) in plan.Variants.Index())
        {
            if (variant.Base is { } own)
                Model(place, $"d.plan.variants[{i}].base", own);
        }

        foreach (var (i, charter) in (plan.Charters ?? []).Index())
        {
            if (charter.Base is { } own)
                Model(place, $"d.plan.charters[{i}].base", own);
            Add(place, $"d.plan.charters[{i}].identity.data", charter.Identity?.Data);
        }

        if (plan.Origin is ModelOrigin.Nano { Checkpoint: not null })
            _elsewhere.Add(plan.Base.Value);
        Add(place, "d.plan.origin.corpus", (plan.Origin as ModelOrigin.Nano)?.Corpus);
        Add(place, "d.plan.origin.identity.data", plan.Origin?.Identity?.Data);
        Add(place, "d.plan.origin.heldOut.data", (plan.Origin as ModelOrigin.Hosted)?.HeldOut?.Data);
    }

    // A model's id is the digest of its weights, or its provider's name for it; the latter is not a blob.
    private void Model(RowPlace place, string path, ModelId model)
    {
        if (model.Value.Length == DigestLength && model.Value.All(char.IsAsciiHexDigitLower))
        {
            Add(place, path, model.Value);
            _weights.Add(model.Value);
        }
    }

    private void Add(RowPlace place, string path, string? sha256)
    {
        if (sha256 is not null)
            _first.TryAdd(sha256, (place, path));
    }
}
