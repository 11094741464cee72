namespace AiMe.Models.Tests;

public sealed class AtomicFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-atomic").FullName;

    private string Place => Path.Combine(_directory, "kept.txt");

    [Fact]
    public async Task Writers_of_one_place_at_one_time_do_not_disturb_each_other()
    {
        TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = AtomicFiles.WriteFileAsync(Place, file => WriteAsync(file, "slow", both.Task), overwrite: true);
        await AtomicFiles.WriteFileAsync(Place, "quick"u8.ToArray(), CancellationToken.None);
        (await File.ReadAllTextAsync(Place)).ShouldBe("quick");
        both.SetResult();
        (await slow).ShouldBe("slow");
        Files().ShouldBe([("kept.txt", "slow")]);
    }

    [Fact]
    public async Task A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        await AtomicFiles.WriteFileAsync(Place, "whole"u8.ToArray(), CancellationToken.None);
        var failed = Task.FromException(new InvalidDataException("half of it"));
        await Should.ThrowAsync<InvalidDataException>(() =>
            AtomicFiles.WriteFileAsync(Place, file => WriteAsync(file, "half", failed), overwrite: true)
        );
        Files().ShouldBe([("kept.txt", "whole")]);
    }

    [Fact]
    public async Task A_file_that_came_meanwhile_is_not_replaced_unless_it_may_be()
    {
        var write = AtomicFiles.WriteFileAsync(
            Place,
            file => WriteAsync(file, "second", File.WriteAllTextAsync(Place, "first")),
            overwrite: false
        );
        await Should.ThrowAsync<IOException>(() => write);
        Files().ShouldBe([("kept.txt", "first")]);
    }

    [Fact]
    public async Task A_folder_that_fails_half_way_leaves_nothing()
    {
        await Should.ThrowAsync<InvalidDataException>(() => AtomicFiles.WriteFolderAsync(Place, Half(), CancellationToken.None));
        Directory.GetFileSystemEntries(_directory).ShouldBeEmpty();

        static IEnumerable<(string, byte[])> Half()
        {
            yield return ("a/b", [1]);
            throw new InvalidDataException("no second file");
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<string> WriteAsync(Stream file, string text, Task before)
    {
        await before;
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
        return text;
    }

    private (string, string)[] Files() => [.. Directory.GetFiles(_directory).Select(f => (Path.GetFileName(f), File.ReadAllText(f)))];
}
