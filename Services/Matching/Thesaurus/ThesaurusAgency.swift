/// What an innovation agency deals in: money, start-ups, markets, people and where they live.
extension ThesaurusTable {
    static let agency = """
        funding|자금;재원;투자금;자금난;자금확보;운전자금|funding;capital;finance||investment-fund=0.5,venture-capital=0.4,loan=0.4|\
        P:1611; know
        investment-fund|펀드;모태펀드;투자조합;모펀드|investment fund;fund of funds||venture-capital=0.5,investment=0.5|\
        P:1619-1623; know
        investment|투자;투자유치;투자자;투자연계|investment;investor|IR/투자;피칭;investor;데모데이|venture-capital=0.5,funding=0.5|\
        P:968; know
        venture-capital|벤처캐피탈;벤처투자;엔젤투자;창업투자회사|venture capital;angel investment|VC/투자;펀드;벤처;fund;invest|funding=0.4|\
        P:709,1307
        investment-agency|투자청;기업금융;투자은행;정책금융|investment agency;investment bank||funding=0.5,investment-fund=0.5,\
        investment=0.5,loan=0.4|P:1608-1612
        exit|회수;투자 회수;세컨더리;상장;기업공개|exit;secondary fund;initial public offering|IPO|investment-fund=0.4,\
        investment=0.5,merger=0.5|P:1633; know
        merger|인수·합병;인수합병|mergers and acquisitions|M&A|funding=0.4,investment=0.4|C:472; P:970
        loan|융자;대출;보증;저리|loan;guarantee||funding=0.5|P:1592; know
        business-model|비즈니스모델;비즈니스 모델;사업모델;사업화 모델;수익모델|business model|BM|market-research=0.4,commercialisation=0.4|\
        C:502,719; P:1472
        market-research|시장분석;시장조사;대상고객;고객 설정;시장 요구;시장수요|market analysis;market research||business-model=0.4,\
        demand-survey=0.3|C:502; know
        demand-survey|수요조사;수요 발굴;수요발굴|demand survey;needs assessment||matching-service=0.4|P:1060
        commercialisation|사업화;상용화;실용화;제품화|commercialisation;commercialization||mass-production=0.3,\
        technology-transfer=0.4,follow-up-research=0.4|C:483-486
        technology-transfer|기술이전;기술 이전;민간 이전;기술거래;라이선싱|technology transfer;licensing|TLO|patent=0.4,\
        gap-bridging=0.4,consulting=0.3|C:470-481
        gap-bridging|브릿지;죽음의 계곡;기술 갭;실험실 기술;이어달리기;중개연구|bridging;death valley;translational research||\
        follow-up-research=0.5,demonstration=0.4|P:1413,1454; C:919
        follow-up-research|후속 R&D;후속연구;후속 기술개발;추가 기술개발;업그레이드|follow-up research;scale-up research;upgrade||\
        demonstration=0.4,prototype=0.3|C:501,554
        mass-production|대량생산;양산;양산기술|mass production;volume production||scale-up=0.5,productivity=0.4,prototype=0.3|\
        P:1471,1476
        patent|특허;지식재산;지재권;실용신안|patent;intellectual property|IP/특허;지식;권리;patent;포트폴리오|technology-transfer=0.4|\
        P:1590; know
        valuation|기술가치평가;가치평가;기술평가;사업성 평가|technology valuation;appraisal||technology-transfer=0.4,investment=0.3|\
        C:537
        consulting|컨설팅;멘토링;자문;코칭|consulting;mentoring;coaching||business-model=0.3,retired-scientists=0.4|C:504; \
        P:2221
        accelerator|액셀러레이터;엑셀러레이터;창업기획자;창업기획가;보육 프로그램|accelerator;startup accelerator|AC/창업;투자;VC;스타트업|startup=0.5,\
        investment=0.3|P:1478
        startup|창업;스타트업;벤처기업;벤처 집중;예비창업|startup;start-up;entrepreneurship||incubation=0.5,accelerator=0.5,\
        entrepreneur-education=0.4|P:1346
        incubation|창업보육;창업원;창업공간;보육센터;인큐베이팅;스타트업 파크|incubator;incubation;business incubator||startup=0.5,\
        shared-lab=0.4|P:608-609
        entrepreneur-education|기업가 정신;기업가정신;창업교육;창업 마인드;아이코어|entrepreneurship education;I-Corps||startup=0.5,\
        education=0.3|P:2344-2354
        shared-lab|공유실험실;개방형 실험실;공용장비;실험공간;코워킹|shared laboratory;co-working||incubation=0.4,equipment-operation=0.4|\
        P:1458
        overseas-expansion|해외진출;해외 진출;해외시장;글로벌 시장;글로벌 진출;수출|overseas expansion;export;global market||\
        sales-channel=0.5,overseas-base=0.5,foreign-permission=0.4|P:1238-1242
        overseas-base|해외거점;해외 거점;해외법인;해외마케팅;현지진출|overseas base;overseas marketing||sales-channel=0.4|P:986,1307
        sales-channel|판로;유통망;바이어;판로개척;공공구매|sales channel;distribution channel;buyer||overseas-base=0.4|P:1242
        foreign-permission|해외 허가;해외 인증;인허가;품목허가;식약처;FDA 승인|regulatory approval;marketing authorisation|FDA|\
        clinical-trial=0.5,certification=0.4,regulation=0.4|P:627
        regulation|규제;규제완화;규제 완화;규제특례;규제샌드박스;규제프리존;규제혁신;네거티브 방식|regulation;deregulation;regulatory sandbox||\
        demonstration=0.4,certification=0.3|P:800
        development-aid|개도국;개발도상국;공적개발원조;개발협력;저개발국|developing countries;official development assistance|ODA|\
        overseas-expansion=0.3,retired-scientists=0.3|P:999-1001
        retired-scientists|은퇴과학자;은퇴 과학자;은퇴 과학기술인;고경력;시니어|retired scientists;senior experts||consulting=0.5|P:1001,\
        2215
        test-site|실증기반;실증단지;실증허브;실증사업;실증랩;시험장|proving ground;test site||demonstration=0.5,drone=0.3|C:870; P:684
        risk-testing|리스크;위험요인|risk||demonstration=0.4,reliability=0.3|P:790
        technology-roadmap|업계동향;기술동향;기술 동향;트렌드 분석;동향 분석;선행기술조사;특허분석|technology trends;technology intelligence;prior \
        art search||text-mining=0.5,data-visualisation=0.5,patent=0.3|C:339
        text-mining|텍스트 마이닝;문헌 분석;논문 분석;가설 발견|text mining;literature analysis||data-analysis=0.5,language-model=0.4|\
        C:338
        data-visualisation|데이터 시각화;시각화;대시보드|data visualisation;visualization;dashboard||data-analysis=0.5|C:339
        matching-service|매칭 서비스;구인구직;구직시스템;구직;중개소;연계 서비스|matching service;job matching||recommendation=0.4,\
        talent-demand=0.5,database=0.3|P:1931
        database|데이터베이스;DB화;인력DB|database|DB|data-platform=0.3,data-management=0.4|P:1931
        cluster|클러스터;집적지;집적단지;특화단지;산업단지;산단|cluster;industrial complex||cluster-network=0.4,green-complex=0.3|P:561,\
        849
        cluster-network|협의체;협력 네트워크;얼라이언스;포럼 운영|consortium;alliance;network of firms||matching-service=0.3|P:1055
        green-complex|그린산단;스마트 그린산단;친환경 제조;저탄소 제조;탄소 다배출|green industrial complex;low-carbon manufacturing||\
        carbon-neutral=0.5,energy-efficiency=0.4,smart-factory=0.3|P:877,1576
        knowledge-centre|지식산업센터;입주공간;기업 입주;입주기업|knowledge industry centre;office space||incubation=0.4,cluster=0.4|\
        P:872
        """

    static let people = """
        education|교육;교육과정;커리큘럼;학습역량|education;curriculum||training=0.5,tutoring=0.4,degree-programme=0.4|P:2039-2046
        degree-programme|융합전공;마이크로디그리;계약학과;학과;연계전공;복수전공;석·박사 과정|degree programme;micro-degree;contract department||\
        training=0.5,talent-demand=0.4,university=0.4|P:2066,2092
        university|공유대학;공동캠퍼스;지역대학;대학 특성화|university;shared campus||talent-demand=0.3,population-decline=0.4|P:1185
        population-decline|인구감소;인구 감소;학령인구;지방소멸;저출산|population decline;regional extinction||settlement=0.3|P:1153,\
        1185
        internship|인턴십;인턴;현장실습;학생연구원;학연학생|internship;work placement||job-mismatch=0.5,training=0.4,employment=0.5|\
        P:1944
        job-mismatch|미스매치;인력수급 불일치;수급 불일치|mismatch;skills gap||talent-demand=0.5,matching-service=0.4,training=0.4|\
        P:1944,2019
        employment|취업;채용;일자리;고용|employment;recruitment;job||matching-service=0.5,job-fair=0.4,talent-demand=0.3|\
        P:1936
        job-fair|취업박람회;채용박람회;기업설명회|job fair||metaverse=0.3|P:1952-1954
        retraining|재교육;재직자;직무전환;직무 전환;직무교육;평생학습;역량강화 교육|retraining;reskilling;upskilling||training=0.5,\
        degree-programme=0.5|P:2031,2167
        career-break|경력단절;재취업;여성과학기술인|career break;women in science||employment=0.4,childcare=0.4,database=0.3|\
        P:2032,2213
        childcare|육아;보육시설;영유아;어린이집;자녀 돌봄;돌봄 센터|childcare;day care||settlement=0.4|P:1993-1996
        settlement|정주여건;정주 여건;정주환경;정착|settlement;living conditions||housing=0.5,childcare=0.4,foreign-talent=0.3,\
        transport-service=0.3|P:1876,2003
        housing|임대주택;청년주택;주거;기숙사;행복주택|housing;rental housing;dormitory||youth=0.4|P:2003
        youth|청년;청년층;고급두뇌;청년인구|young people;youth||employment=0.3,settlement=0.4|P:1876
        foreign-talent|외국인;유학생;해외인재;해외 인재;글로벌 인재|foreign talent;international students||visa=0.5,\
        international-school=0.5,entrepreneur-education=0.3|P:1275,2262
        visa|비자;영주권;체류|visa;residence permit||settlement=0.4|P:1271,2279
        international-school|국제학교;외국인학교;외국어 서비스;다국어|international school;multilingual service||settlement=0.5|P:1275
        learning-gap|학습 격차;저성과;기초학력;교육 형평성;학습결손|learning gap;low achievers;education equity||edtech=0.5,\
        tutoring=0.5|P:2041-2044
        edtech|에듀테크;디지털 교육;원격교육;이러닝|educational technology;e-learning||tutoring=0.5,education=0.5|P:2043
        maker|메이커;해커톤;경진대회;캡스톤 디자인;캡스톤;창의역량;창의 역량|maker space;hackathon;contest||prototype=0.4,problem-solving=0.5,\
        education=0.4|P:2073-2077
        problem-solving|문제 해결 능력;문제해결 역량;창의력|problem solving;creativity||education=0.3|P:2073
        shared-fab|교육용 공유팹;교육용 팹;팹 실습;공정실험;소자 제작;공정실습|shared fab;teaching fab||wafer=0.5,semiconductor=0.4,\
        training=0.4|P:2109-2112
        regulatory-experts|규제 전문가;규제과학;인허가 전문가;평가기술|regulatory affairs;regulatory science||foreign-permission=0.5,\
        regulation=0.5,training=0.3|P:2133
        science-culture|과학문화;과학축제;과학관;페스티벌;축제|science culture;festival||online-event=0.4,museum=0.4|P:1735
        online-event|온라인 페스티벌;비대면 행사;비대면;온라인 행사|online event;contact-free event||virtual-reality=0.5,metaverse=0.5|\
        P:1740
        museum|박물관;미술관;전시관;홍보관|museum;gallery;exhibition hall||virtual-reality=0.3|P:1701
        media-art|미디어아트;미디어파사드;디지털 아트;파사드;실감형 콘텐츠;실감콘텐츠|media art;immersive content||virtual-reality=0.4,\
        display=0.3,science-culture=0.4|P:1710-1718
        transport-service|대중교통;셔틀;교통망;출퇴근|public transport;shuttle||mobility=0.5,traffic=0.5|P:1981-1983
        """
}
