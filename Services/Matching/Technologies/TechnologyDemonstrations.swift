import JSON
import ServiceKit
import Storage
import Vocabulary

/// What the testbed came to about a technology: who looks for one sees that it was shown to work, and how it came out
/// (실증사업 연계, P:1128). The testbed owns demonstrations; here is only what its events said when they ended.
enum TechnologyDemonstrations {
    static let schema = """
        CREATE TABLE technology_demonstration (
            technology_id TEXT NOT NULL REFERENCES profile (id),
            demonstration_id TEXT NOT NULL,
            title_ko TEXT NOT NULL,
            title_en TEXT NOT NULL,
            outcome TEXT NOT NULL,
            finished_at BIGINT NOT NULL,
            PRIMARY KEY (technology_id, demonstration_id)
        );
        """

    enum Outcome: String, Codable, CaseIterable, Sendable, SQLValue { case met, notMet, undetermined }

    struct Item: Codable, Sendable, Hashable {
        /// Of the testbed: `testbed.demonstrations.get`.
        let id: String
        let title: Bilingual
        /// Whether every criterion agreed before the start was met.
        let outcome: Outcome
        let finishedAt: Instant
    }

    struct List: Codable, Sendable { let items: [Item] }

    static let methods: [Method] = [
        .query(
            "matching.technologies.demonstrations",
            Bilingual(ko: "기술의 끝난 실증과 그 판정", en: "Finished demonstrations of a technology, and how they came out"),
            role: .viewer
        ) { (p: ByID<TechnologyKind>, r: Read) throws -> List in
            _ = try Profile<TechnologyKind>.visible(p.id, r)
            return List(
                items: try r.db.rows(
                    """
                    SELECT * FROM technology_demonstration WHERE technology_id = ?
                    ORDER BY finished_at DESC, demonstration_id LIMIT 200
                    """, p.id
                ).map { row in
                    Item(
                        id: try row.get("demonstration_id"),
                        title: Bilingual(ko: try row.get("title_ko"), en: try row.get("title_en")),
                        outcome: try row.get("outcome"), finishedAt: try row.get("finished_at"))
                })
        }
    ]

    /// The members of the testbed's event that matter here.
    private struct Finished: Decodable {
        let id: String
        let title: Bilingual
        let technologyId: TechnologyID?
        let outcome: Outcome?
    }

    static let consumers = [
        Consumer("demonstrations of technologies", of: ["ieum.testbed.demonstration.finished"]) { event, w in
            let finished: Finished = try event.decode()
            // A demonstration may be of something that is not offered here.
            guard let technology = finished.technologyId, let outcome = finished.outcome,
                try Profile<TechnologyKind>.findIfPresent(technology, w.db) != nil
            else { return }
            try w.db.run(
                """
                INSERT INTO technology_demonstration
                    (technology_id, demonstration_id, title_ko, title_en, outcome, finished_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """, technology, finished.id, finished.title.ko, finished.title.en, outcome, event.time)
            try w.emit(
                "matching.technology.demonstrated", subject: technology.description,
                Item(id: finished.id, title: finished.title, outcome: outcome, finishedAt: event.time))
        }
    ]
}
