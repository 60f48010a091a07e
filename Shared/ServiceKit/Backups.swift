import Foundation
import JSON
import Storage
import Vocabulary

/// `service.backup`: every service copies its own database while it works; nobody else opens it.
enum Backups {
    struct Backup: Codable, Sendable, Constrained {
        /// Absolute; it exists, and the service may write there.
        let directory: String
        static let constraints: [String: Schema.Constraint] = ["directory": .length(1...4_000)]
    }

    struct Copy: Codable, Sendable {
        let service: String
        /// The name of the copy in the directory.
        let file: String
        let bytes: Int64
        let version: String
        let migrations: [String]
        /// The copy holds everything that was acknowledged before this.
        let startedAt: Instant
        let finishedAt: Instant
    }

    static func method(
        of definition: ServiceDefinition, database: Database, clock: @escaping @Sendable () -> Instant
    ) -> Method {
        .action(
            "service.backup",
            Bilingual(
                ko: "일을 계속하면서 데이터베이스를 한 파일로 복사하고 검사한다",
                en: "Copies the database to one file while work goes on, and verifies it"),
            role: .operator
        ) { (p: Backup, call) throws -> Copy in
            let file = Configuration.databaseFile(of: definition.name)
            let path = try place(for: file, in: p.directory)
            let startedAt = clock()
            do {
                try await database.backup(to: path) { done, total in
                    let isCopied = done == total
                    call.progress(
                        Int64(done), of: Int64(total),
                        Bilingual(
                            ko: isCopied ? "\(definition.name): 복사본을 검사한다" : "\(definition.name): 쪽을 복사한다",
                            en: isCopied ? "\(definition.name): checking the copy" : "\(definition.name): copying pages"
                        ))
                    return (try? call.mustGoOn()) != nil
                }
            } catch let error as StorageError {
                try call.mustGoOn()
                throw refused(error, directory: p.directory)
            }
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
            return Copy(
                service: definition.name, file: file, bytes: size?.int64Value ?? 0, version: ServiceDefinition.version,
                migrations: try DatabaseCopy(path: path).verify(), startedAt: startedAt, finishedAt: clock())
        }
    }

    private static func place(for file: String, in directory: String) throws(Fault) -> String {
        func fault(_ ko: String, _ en: String) -> Fault {
            .invalid("/directory", .string(directory), Bilingual(ko: ko, en: en))
        }
        guard directory.hasPrefix("/"), !directory.utf8.contains(0) else {
            throw fault("/로 시작하는 절대 경로여야 합니다", "must be an absolute path, which begins with /")
        }
        let files = FileManager.default
        guard files.fileExists(atPath: directory) else {
            throw fault("그런 폴더가 없습니다. 먼저 만드세요", "does not exist; make the directory first")
        }
        guard files.fileExists(atPath: directory + "/.") else { throw fault("폴더가 아닙니다", "is not a directory") }
        guard files.isWritableFile(atPath: directory) else {
            throw fault("서비스가 이 폴더에 쓸 수 없습니다", "cannot be written by the service")
        }
        let path = directory + "/" + file
        guard !files.fileExists(atPath: path) else {
            throw fault("\(file)이(가) 이미 있습니다. 빈 폴더를 주세요", "has a \(file) already; choose an empty directory")
        }
        return path
    }

    /// The caller is an operator, and what is wrong lies in the place that was named: it is told.
    private static func refused(_ error: StorageError, directory: String) -> Fault {
        .failedPrecondition(
            rule: "backup.failed",
            Bilingual(
                ko: "복사하지 못했습니다. 남은 것은 없습니다: \(error)", en: "the copy was not made, and nothing is left of it: \(error)"
            ),
            data: ["directory": .string(directory)])
    }
}
