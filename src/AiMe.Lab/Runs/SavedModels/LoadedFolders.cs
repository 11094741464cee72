using AiMe.Faculties.Supervisor;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>The checkpoints of folders that a run has loaded: its charters share them.</summary>
internal sealed class LoadedFolders
{
    private readonly Dictionary<FolderCheckpoint, (CheckpointFiles Files, Model Model)> _loaded = [];

    /// <summary>The checkpoint, loaded once. Not for concurrent calls.</summary>
    /// <exception cref="ModelPreparationException">The folder is missing, or holds another checkpoint by now.</exception>
    public async Task<(CheckpointFiles Files, Model Model)> GetAsync(
        FolderCheckpoint folder,
        string modelsDirectory,
        CancellationToken cancellationToken
    )
    {
        if (!_loaded.TryGetValue(folder, out var known))
            _loaded[folder] = known = await LinkedCheckpoint.LoadAsync(folder, modelsDirectory, progress: null, cancellationToken);
        return known;
    }
}
